// What a cluster runs, read once, as manifests: for questions that nothing is deployed for. Reads
// only. A shell over ApiClient.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/kubernetes/api_client.hpp"

namespace nettest {

/// An object of the cluster, as `kubectl get -o json` prints it.
struct ObjectText {
  /// "NetworkPolicy default/deny-web".
  std::string name;
  std::string text;
};

/// Hands namespaces, pods, services, NetworkPolicies, and policies of other kinds to `take`, and
/// the ReplicaSets and Jobs that own the pods, which tell their Deployments and CronJobs. Returns
/// what could not be seen and is not needed for a verdict, in words. Fails where something that is
/// needed cannot be read.
Result<std::vector<std::string>> take_snapshot(ApiClient& api,
                                               const std::function<void(const ObjectText&)>& take,
                                               TimePoint deadline);

}  // namespace nettest
