// `kubectl proxy` on a unix socket that only we can open: the way to the API that brings every kind
// of authentication along. Touches the file system and a child process.
#pragma once

#include <memory>
#include <string>

#include "harness/kubernetes/kubectl.hpp"

namespace nettest {

/// Runs while it exists, on a thread of its own, whatever interrupts come; is started again when it
/// dies, a few times.
class KubectlProxy {
 public:
  /// Returns when it serves, or says why it does not.
  static Result<std::unique_ptr<KubectlProxy>> start(const Kubectl& kubectl, TimePoint deadline);
  KubectlProxy(const KubectlProxy&) = delete;
  KubectlProxy& operator=(const KubectlProxy&) = delete;
  ~KubectlProxy();

  [[nodiscard]] const std::string& socket() const;

 private:
  struct State;
  explicit KubectlProxy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nettest
