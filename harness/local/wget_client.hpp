// Runs `wget` in pods, as a person would. A shell over child processes and probes/wget.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/local/namespaces.hpp"
#include "harness/process/run.hpp"
#include "probes/attempt.hpp"
#include "probes/wget.hpp"
#include "suites/world.hpp"

namespace nettest {

/// One call of wget.
struct WgetQuestion {
  const NamespaceSet* pod = nullptr;
  std::string url;
  IpFamily family = IpFamily::ipv4;
  Duration timeout{};
  /// The pods that may answer; empty: whoever answers will do.
  std::vector<PodId> expected;
};

/// Finds out what the words ("wget", or "busybox" "wget") call on this machine; nothing when that
/// is no wget.
std::optional<Wget> find_wget(Reactor& reactor, const std::vector<std::string>& program);

/// The children to run, one per question.
std::vector<ChildRun> wget_runs(const Wget& wget, const std::vector<WgetQuestion>& questions);

/// What a child's end says of its question. A wget that got no answer and did not keep its own time
/// either was starved by a busy machine: `unusable`, for it says nothing about the path.
Attempt wget_attempt(const Wget& wget,
                     const WgetQuestion& question,
                     const Result<ChildResult>& result);

}  // namespace nettest
