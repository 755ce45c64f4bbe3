// The kubectl that reaches a cluster: found, checked, and called. A shell over child processes.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/reactor.hpp"

namespace nettest {

/// Which cluster is meant. Never the current context unless that was said aloud.
struct ClusterChoice {
  /// A program in PATH, or a path.
  std::string kubectl = "kubectl";
  std::string kubeconfig = {};
  std::string context = {};
  bool current_context = false;
};

/// Kind usage when no cluster was chosen; the message says how.
Result<void> check_choice(const ClusterChoice& choice);

/// A kubectl that runs. What it reads of credentials is its own business: it inherits the
/// environment, and nothing of them passes through here.
class Kubectl {
 public:
  /// Looks for the program and asks for its version.
  static Result<Kubectl> find(Reactor& reactor, const ClusterChoice& choice, TimePoint deadline);

  /// The child that runs `kubectl WORDS...` on the chosen cluster.
  [[nodiscard]] ChildSpec command(const std::vector<std::string>& words) const;
  /// The same as a line for people.
  [[nodiscard]] std::string by_hand(const std::vector<std::string>& words) const;
  /// "v1.34.4".
  [[nodiscard]] const std::string& version() const { return version_; }
  /// The cluster in words: "context kind-ci", "kubeconfig f.yaml".
  [[nodiscard]] std::string cluster() const;

 private:
  explicit Kubectl(ClusterChoice choice) : choice_(std::move(choice)) {}
  [[nodiscard]] std::vector<std::string> words_of_choice() const;

  ClusterChoice choice_;
  std::string version_;
};

/// Quotes a word for a shell where that is needed.
std::string shell_word(const std::string& word);

}  // namespace nettest
