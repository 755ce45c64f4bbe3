// What nettest must be allowed on a cluster, asked for before anything is made. A shell over
// ApiClient.
#pragma once

#include <string>
#include <vector>

#include "harness/kubernetes/api_client.hpp"

namespace nettest {

/// One rule of an RBAC role.
struct Permission {
  std::string group;
  /// "pods", "pods/exec".
  std::string resource;
  std::vector<std::string> verbs;
};

/// What a run needs, and what reading a cluster's objects needs.
const std::vector<Permission>& permissions_to_run();
const std::vector<Permission>& permissions_to_read();

/// A ClusterRole with these rules.
std::string cluster_role(const std::string& name, const std::vector<Permission>& rules);

/// Asks the API server (SelfSubjectAccessReview) for all of them. An Error names what is missing,
/// with the manifest that grants it.
Result<void> check_permissions(ApiClient& api,
                               const std::vector<Permission>& needed,
                               TimePoint deadline);

}  // namespace nettest
