// Ways into pods through `kubectl exec`, and the agent's way there. A shell over child processes.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/kubernetes/kubectl.hpp"
#include "harness/process/reactor.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A pod of a suite and where it really is.
struct PodPlace {
  PodId pod;
  /// The real namespace.
  std::string space;
  /// Of its node ("arm64"); empty: this machine's.
  std::string architecture = {};
};

/// The words behind kubectl that run a command in a pod, with stdin.
std::vector<std::string> exec_words(const PodPlace& place, const std::vector<std::string>& command);

/// Where the agent lies in a pod.
std::string agent_path();

/// Writes the agent for its node into each pod, all at once, each at most three times, and checks
/// that it came whole. An Error names the pod and what kubectl said.
Result<void> push_agent(Reactor& reactor,
                        const Kubectl& kubectl,
                        const std::vector<PodPlace>& places,
                        TimePoint deadline);

}  // namespace nettest
