// A live cluster as input of the static commands. Reads only, through kubectl.
#pragma once

#include "base/error.hpp"
#include "harness/kubernetes/kubectl.hpp"
#include "suites/manifests.hpp"

namespace nettest {

/// Reads a cluster as if its objects were manifests. `not_seen` collects in words what could not be
/// read and is not needed for a verdict.
Checked<Inventory> read_cluster(const ClusterChoice& choice,
                                const ManifestOptions& options,
                                std::vector<std::string>& not_seen);

}  // namespace nettest
