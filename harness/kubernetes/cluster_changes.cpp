// Changes of a world that stands: one call of the API each, and waiting for what comes and goes.
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/kubernetes/cluster_world.hpp"
#include "harness/kubernetes/removal.hpp"

namespace nettest {

namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

Result<void> ClusterWorld::remove_object(const std::string& path,
                                         const std::string& what,
                                         TimePoint deadline) {
  auto api = cluster_->client();
  const auto removed = api.remove(path, deadline);
  return removed ? Result<void>() : tl::unexpected(removed.error().to_error("delete " + what));
}

Result<void> ClusterWorld::delete_pod(const PodId& id, TimePoint deadline) {
  const auto space = placement_.real(id.namespace_name);
  if (auto removed = remove_object(pod_path(space, id.name), "pod " + to_string(id), deadline);
      !removed) {
    return removed;
  }
  addresses_.pods.erase(id);
  addresses_.node_of.erase(id);
  pinned_.erase(id);
  auto api = cluster_->client();
  return await_gone(
      api,
      {namespace_path(space) + "/pods", {space + "/" + id.name}, placement_.selector()},
      deadline);
}

Result<void> ClusterWorld::delete_namespace(const std::string& name,
                                            Turnover& turnover,
                                            TimePoint deadline) {
  const auto real = placement_.real(name);
  for (const auto& [id, addresses] : addresses_.pods) {
    if (id.namespace_name == name) {
      turnover.gone.push_back(id);
    }
  }
  if (auto removed = remove_object(namespace_path(real), "namespace " + real, deadline); !removed) {
    return removed;
  }
  forget_namespace(name);
  auto api = cluster_->client();
  return await_gone(api, {"/api/v1/namespaces", {"/" + real}, placement_.selector()}, deadline);
}

Result<void> ClusterWorld::make(const Change& change, Turnover& turnover, TimePoint deadline) {
  auto api = cluster_->client();
  return std::visit(
      Overloaded{
          [&](const ApplyPolicy& action) {
            const auto& id = action.policy.id;
            return put(api,
                       policy_path(placement_.real(id.namespace_name), id.name),
                       policy_object(action.policy, placement_),
                       deadline);
          },
          [&](const DeletePolicy& action) {
            return remove_object(
                policy_path(placement_.real(action.id.namespace_name), action.id.name),
                "NetworkPolicy " + to_string(action.id),
                deadline);
          },
          [&](const SetPodLabels& action) {
            return put_pod(api, *find_pod(state_.world, action.id), deadline);
          },
          [&](const SetNamespaceLabels& action) {
            return put(api,
                       namespace_path(placement_.real(action.name)),
                       namespace_object(
                           *find_namespace(state_.world, action.name), placement_, style_.notes),
                       deadline);
          },
          [&](const CreatePod& action) {
            pinned_[action.pod.id] = placement_.choose(action.pod)->hostname;
            turnover.made.push_back(action.pod.id);
            return put_pod(api, action.pod, deadline);
          },
          [&](const DeletePod& action) {
            std::erase(turnover.made, action.id);
            turnover.gone.push_back(action.id);
            return delete_pod(action.id, deadline);
          },
          [&](const CreateNamespace& action) {
            const auto name = placement_.real(action.value.name);
            made_.insert(name);
            return put(api,
                       namespace_path(name),
                       namespace_object(action.value, placement_, style_.notes),
                       deadline);
          },
          [&](const DeleteNamespace& action) {
            std::erase_if(turnover.made,
                          [&](const PodId& id) { return id.namespace_name == action.name; });
            return delete_namespace(action.name, turnover, deadline);
          },
          [&](const CreateService& action) { return put_service(api, action.service, deadline); },
          [&](const DeleteService& action) {
            addresses_.services.erase(action.id);
            return remove_object(
                service_path(placement_.real(action.id.namespace_name), action.id.name),
                "Service " + to_string(action.id),
                deadline);
          }},
      change.action);
}

Result<ClusterWorld::Turnover> ClusterWorld::change(std::span<const Change> changes,
                                                    TimePoint deadline) {
  Turnover turnover;
  for (const auto& change : changes) {
    // First in our own books: an object is always written whole, as it will be.
    if (auto noted = apply_change(state_, change); !noted) {
      return tl::unexpected(noted.error());
    }
    if (auto made = make(change, turnover, deadline); !made) {
      return tl::unexpected(made.error());
    }
  }
  if (!turnover.made.empty()) {
    if (auto ready = await_pods(turnover.made, deadline); !ready) {
      return tl::unexpected(ready.error());
    }
  }
  return turnover;
}

void ClusterWorld::forget_namespace(const std::string& name) {
  const auto in_it = [&name](const auto& entry) { return entry.first.namespace_name == name; };
  std::erase_if(addresses_.pods, in_it);
  std::erase_if(addresses_.services, in_it);
  std::erase_if(addresses_.node_of, in_it);
  std::erase_if(pinned_, in_it);
}

}  // namespace nettest
