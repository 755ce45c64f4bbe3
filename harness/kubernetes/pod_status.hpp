// Reads what the API says of a pod or a node. Pure.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/ip.hpp"
#include "harness/kubernetes/placement.hpp"

namespace nettest {

using Json = nlohmann::json;

struct PodStatus {
  /// Runs, is ready, and has its addresses.
  bool ready = false;
  std::vector<IpAddress> addresses;
  /// The cluster's name of its node, or empty.
  std::string node;
  /// Why it is not ready: "ImagePullBackOff: Back-off pulling image …"; never empty then.
  std::string waiting;
  /// The reason alone.
  std::string reason;
};

PodStatus status_of_pod(const Json& pod);

/// Says whether waiting longer can't help: the image's name is bad, the container can't be made.
bool is_hopeless(const PodStatus& status);

/// "namespace/name" of an object.
std::string name_of(const Json& object);

/// The nodes that take pods: neither cordoned nor tainted NoSchedule or NoExecute.
std::vector<ClusterNode> usable_nodes(const std::vector<Json>& nodes);

/// The address families of the cluster's pods, by the addresses of pods that run already; where
/// none does, by the pod blocks of the nodes, which a network plugin need not use.
std::vector<IpFamily> pod_families(const std::vector<Json>& nodes, const std::vector<Json>& pods);

/// status.podIPs, or spec.clusterIPs of a service.
std::vector<IpAddress> addresses_in(const Json& list);

}  // namespace nettest
