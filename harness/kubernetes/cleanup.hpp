// Removes what runs left on a cluster. A shell over the API.
#pragma once

#include <string>

#include "harness/kubernetes/cluster.hpp"
#include "harness/kubernetes/cluster_world.hpp"

namespace nettest {

/// Removes the namespaces that carry nettest's label (of one run, or of all when `run` is empty)
/// and waits until they are gone; names each with its owner and time before. Returns what was done,
/// in words.
Result<std::string> clean_up(const Cluster& cluster,
                             const std::string& run,
                             const Tell& tell,
                             TimePoint deadline);

}  // namespace nettest
