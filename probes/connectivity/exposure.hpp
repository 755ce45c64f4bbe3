// Whether a workload is open to more than workloads that are known: to everything, or to whole
// namespaces. Pure.
#pragma once

#include <string>
#include <vector>

#include "probes/connectivity/connection_set.hpp"
#include "probes/connectivity/connectivity.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Somebody unknown to whom a workload is open.
struct OpenTo {
  /// "entire-cluster", "0.0.0.0-255.255.255.255[External]", "[namespace with {team=a}]/[all pods]",
  /// or "default/[all pods]".
  std::string peer;
  ConnectionSet connections;

  auto operator<=>(const OpenTo&) const = default;
};

/// To whom the first pod of a workload is open, by its own end alone, in order of the peers. Named
/// ports count for ingress only: what they stand for at unknown destinations is unknown.
std::vector<OpenTo> open_to(const ClusterState& state,
                            const Endpoint& endpoint,
                            Direction direction);

}  // namespace nettest
