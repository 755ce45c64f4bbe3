// Asks with `wget` in pods: one shell per pod through a long-lived `kubectl exec -i`, which runs
// each wget and tells its words and exit code. A shell over LineChild.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "harness/process/child.hpp"
#include "harness/process/reactor.hpp"
#include "probes/attempt.hpp"
#include "suites/world.hpp"

namespace nettest {

struct ShellWgetQuestion {
  PodId from;
  std::string url;
  IpFamily family = IpFamily::ipv4;
  Duration timeout{};
  /// The pods that may answer; empty: whoever answers will do.
  std::vector<PodId> expected = {};
};

/// Makes the child that runs a command in a pod.
using WgetEnter = std::function<ChildSpec(const PodId&, const std::vector<std::string>&)>;

/// Shells are started when a pod is first asked, and anew after trouble. Blocked is only what wget
/// itself said: a shell that dies, hangs or says nonsense makes `unusable`.
class WgetShells {
 public:
  /// `patience`: what starting a shell, and a busy machine, may take beyond the time-outs.
  WgetShells(Reactor& reactor, WgetEnter enter, Duration patience = std::chrono::seconds(15));
  WgetShells(const WgetShells&) = delete;
  WgetShells& operator=(const WgetShells&) = delete;
  ~WgetShells();

  /// Asks all at once; one attempt per question, in order. One round at a time.
  void begin(std::vector<ShellWgetQuestion> questions);
  [[nodiscard]] bool done() const;
  [[nodiscard]] TimePoint deadline() const;
  std::vector<Attempt> take();

  /// Ends the shell of a pod (which need not exist).
  void remove(const PodId& pod);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace nettest
