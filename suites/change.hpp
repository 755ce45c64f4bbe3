// Changes: what a step does to the world and its policies. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Creates the policy, or replaces the one of the same name.
struct ApplyPolicy {
  NetworkPolicy policy;
};
struct DeletePolicy {
  PolicyId id;
};
/// Replaces all labels of a pod.
struct SetPodLabels {
  PodId id;
  Labels labels;
};
/// Replaces all labels of a namespace (kubernetes.io/metadata.name stays).
struct SetNamespaceLabels {
  std::string name;
  Labels labels;
};
struct CreatePod {
  Pod pod;
};
struct DeletePod {
  PodId id;
};
struct CreateNamespace {
  Namespace value;
};
/// Deletes a namespace with everything in it: pods, services, policies.
struct DeleteNamespace {
  std::string name;
};
struct CreateService {
  Service service;
};
struct DeleteService {
  ServiceId id;
};

/// One change; `where` is its place in the suite file.
struct Change {
  std::variant<ApplyPolicy,
               DeletePolicy,
               SetPodLabels,
               SetNamespaceLabels,
               CreatePod,
               DeletePod,
               CreateNamespace,
               DeleteNamespace,
               CreateService,
               DeleteService>
      action;
  Location where;
};

/// Says in a few words what the change does: "apply NetworkPolicy
/// default/deny-web".
std::string describe(const Change& change);

/// Says whether the change is one of policies, so that the world stays as it is.
bool is_policy_change(const Change& change);

/// Says whether the API server refuses to delete the namespace: default, kube-system,
/// kube-public.
bool is_kept_namespace(std::string_view name);

/// Makes `change` in `state`, as the API server would. Fails (kind suite, with
/// the change's place) where it would refuse: something that does not exist is
/// deleted or labelled, something that exists is created, a namespace is
/// missing.
Result<void> apply_change(ClusterState& state, const Change& change);

/// The changes that lead from `from` to `to`, in an order that is always
/// possible (policies deleted first, namespaces created before what is in
/// them). A pod whose spec differs otherwise than by labels is deleted and
/// created.
std::vector<Change> difference(const ClusterState& from, const ClusterState& to);

}  // namespace nettest
