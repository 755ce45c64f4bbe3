#include "harness/kubernetes/cluster_world.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "harness/kubernetes/parallel_calls.hpp"
#include "harness/kubernetes/pod_status.hpp"
#include "harness/kubernetes/removal.hpp"

namespace nettest {

namespace {

constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr const char* kPods = "/api/v1/pods";
constexpr const char* kDnsSelector = "k8s-app=kube-dns";
/// A new namespace gets its service account a moment later, and until then takes no pods.
constexpr Duration kAccountPatience = std::chrono::seconds(10);
constexpr Duration kAccountPause = std::chrono::milliseconds(100);
/// A pull that has failed twice will fail again.
constexpr Duration kPullPatience = std::chrono::seconds(20);
constexpr std::size_t kNamesTold = 3;
constexpr std::size_t kLongestReason = 120;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

Error failed(const ApiFailure& failure, const std::string& what) {
  return failure.to_error(what);
}

/// "default/web (Pending: Unschedulable: …) and 3 more".
std::string waiting_text(const std::map<PodId, PodStatus>& waiting) {
  std::vector<std::string> words;
  for (const auto& [id, status] : waiting) {
    if (words.size() == kNamesTold) {
      words.push_back("and " + std::to_string(waiting.size() - kNamesTold) + " more");
      break;
    }
    words.push_back(to_string(id) + " (" + printable(status.waiting, kLongestReason) + ")");
  }
  return join(words, ", ");
}

}  // namespace

ClusterWorld::ClusterWorld(std::shared_ptr<Cluster> cluster,
                           Placement placement,
                           WorldStyle style,
                           Tell tell)
    : cluster_(std::move(cluster)),
      placement_(std::move(placement)),
      style_(std::move(style)),
      tell_(std::move(tell)) {}

Result<void> ClusterWorld::check(const World& world) const {
  for (const auto& pod : world.pods) {
    if (pod.host_network) {
      return fail(ErrorKind::unsupported,
                  "pod " + to_string(pod.id) +
                      " wants hostNetwork, which the restricted Pod Security Standard forbids: the "
                      "kubernetes engine makes no such pods");
    }
    if (is_cluster_own(pod.id.namespace_name) && !pod.system) {
      return fail(ErrorKind::unsupported,
                  "pod " + to_string(pod.id) +
                      ": kube-system is the cluster's own, and nettest makes nothing in it");
    }
  }
  if (placement_.nodes().empty()) {
    return fail(ErrorKind::engine, "the cluster has no node that is ready and takes pods");
  }
  return {};
}

Result<void> ClusterWorld::refuse_foreign(const World& world, TimePoint deadline) {
  auto api = cluster_->client();
  for (const auto& value : world.namespaces) {
    const auto name = placement_.real(value.name);
    if (is_cluster_own(value.name)) {
      continue;
    }
    const auto found = api.get(namespace_path(name), deadline);
    if (!found && found.error().status == kNotFound) {
      continue;
    }
    if (!found) {
      return tl::unexpected(failed(found.error(), "look for namespace " + name));
    }
    return fail(ErrorKind::engine,
                "namespace " + name +
                    " exists already, and nettest writes only to namespaces that it made: " +
                    (style_.exact_names ? "remove it, or leave out --exact-names"
                                        : "`nettest cleanup` removes what earlier runs left"));
  }
  return {};
}

// The cluster's DNS is part of the world that is predicted.
Result<void> ClusterWorld::learn_cluster_own(TimePoint deadline) {
  auto api = cluster_->client();
  const auto pods = api.list(namespace_path(kSystemNamespace) + "/pods", kDnsSelector, deadline);
  if (!pods) {
    return tl::unexpected(failed(pods.error(), "look for the cluster's DNS"));
  }
  for (const auto& pod : pods->items) {
    const auto status = status_of_pod(pod);
    if (status.ready) {
      addresses_.pods[{kSystemNamespace, kDnsName}] = status.addresses;
      addresses_.node_of[{kSystemNamespace, kDnsName}] = placement_.logical_node(status.node);
      break;
    }
  }
  const auto services =
      api.list(namespace_path(kSystemNamespace) + "/services", kDnsSelector, deadline);
  if (services && !services->items.empty()) {
    addresses_.services[{kSystemNamespace, kDnsName}] =
        addresses_in(services->items.front()["spec"]["clusterIPs"]);
  }
  if (pods->items.empty()) {
    tell_(
        "no pod of kube-system is labelled k8s-app=kube-dns: a policy that admits DNS by that "
        "label admits nothing here");
  }
  return {};
}

Result<void> ClusterWorld::put(ApiClient& api,
                               const std::string& path,
                               const Json& object,
                               TimePoint deadline) {
  const auto made = api.apply(path, object, deadline);
  if (made) {
    return {};
  }
  return tl::unexpected(
      failed(made.error(), "apply " + object.value("kind", "") + " " + name_of(object)));
}

Result<void> ClusterWorld::put_service(ApiClient& api, const Service& service, TimePoint deadline) {
  const auto path = service_path(placement_.real(service.id.namespace_name), service.id.name);
  const auto made = api.apply(path, service_object(service, placement_), deadline);
  if (!made) {
    return tl::unexpected(failed(made.error(), "apply Service " + to_string(service.id)));
  }
  addresses_.services[service.id] = addresses_in((*made)["spec"]["clusterIPs"]);
  return {};
}

Result<void> ClusterWorld::put_pod(ApiClient& api, const Pod& pod, TimePoint deadline) {
  const auto path = pod_path(placement_.real(pod.id.namespace_name), pod.id.name);
  const auto object = pod_object(pod, placement_, style_.pods, pinned_.at(pod.id));
  const auto patience = std::min(deadline, now() + kAccountPatience);
  for (;;) {
    const auto made = api.apply(path, object, deadline);
    if (made) {
      return {};
    }
    if (made.error().status != kForbidden || now() + kAccountPause > patience) {
      return tl::unexpected(failed(made.error(), "apply Pod " + to_string(pod.id)));
    }
    if (!api.pause(kAccountPause)) {
      return fail(ErrorKind::interrupted, "interrupted");
    }
  }
}

void ClusterWorld::note_ready(const PodId& id, const PodStatus& status) {
  addresses_.pods[id] = status.addresses;
  addresses_.node_of[id] = placement_.logical_node(status.node);
}

/// The pods that are waited for, and what became of them.
struct ClusterWorld::Awaited {
  /// By namespace/name in the cluster.
  std::map<std::string, PodId> wanted;
  std::map<PodId, PodStatus> waiting;
  std::map<PodId, TimePoint> failing;
  std::optional<Error> trouble;
  std::string told;

  /// Says why the pod will never be ready; nothing while it may.
  std::optional<Error> hopeless(const PodId& id, const PodStatus& status) {
    const bool pull = status.reason == "ErrImagePull" || status.reason == "ImagePullBackOff";
    const auto since = pull ? failing.try_emplace(id, now()).first->second : now();
    if (!is_hopeless(status) && now() - since <= kPullPatience) {
      return std::nullopt;
    }
    return Error{ErrorKind::engine, "pod " + to_string(id) + ": " + status.waiting, std::nullopt};
  }
};

/// Says whether there is nothing more to wait for: all are ready, or one never will be.
bool ClusterWorld::all_ready(Awaited& awaited, const WatchEvent& event) {
  auto& waiting = awaited.waiting;
  const auto found =
      event.listed ? awaited.wanted.end() : awaited.wanted.find(name_of(event.object));
  if (found == awaited.wanted.end()) {
    return waiting.empty();
  }
  const auto& id = found->second;
  const auto status = status_of_pod(event.object);
  if (event.deleted) {
    awaited.trouble = Error{
        ErrorKind::engine, "pod " + to_string(id) + " was deleted by somebody else", std::nullopt};
    return true;
  }
  if (status.ready) {
    note_ready(id, status);
    waiting.erase(id);
    return waiting.empty();
  }
  awaited.trouble = awaited.hopeless(id, status);
  if (awaited.trouble) {
    return true;
  }
  waiting[id] = status;
  if (const auto text = waiting_text(waiting);
      text != awaited.told && status.waiting != "Pending") {
    awaited.told = text;
    tell_("waiting for " + std::to_string(waiting.size()) + " pods: " + text);
  }
  return false;
}

Result<void> ClusterWorld::await_pods(const std::vector<PodId>& ids, TimePoint deadline) {
  Awaited awaited;
  for (const auto& id : ids) {
    awaited.wanted[placement_.real(id.namespace_name) + "/" + id.name] = id;
    awaited.waiting[id].waiting = "not seen yet";
  }
  auto api = cluster_->client();
  const auto done = api.follow(
      kPods,
      placement_.selector(),
      [&](const WatchEvent& event) { return all_ready(awaited, event); },
      deadline);
  if (awaited.trouble) {
    return tl::unexpected(*awaited.trouble);
  }
  if (!done && done.error().reason == "Deadline") {
    return fail(ErrorKind::engine,
                std::to_string(awaited.waiting.size()) + " of " +
                    std::to_string(awaited.wanted.size()) +
                    " pods are not ready in time: " + waiting_text(awaited.waiting));
  }
  return done ? Result<void>() : tl::unexpected(failed(done.error(), "wait for pods"));
}

Result<void> ClusterWorld::create(const World& world, TimePoint deadline) {
  if (auto checked = check(world); !checked) {
    return checked;
  }
  state_ = {world, {}};
  addresses_ = {};
  for (std::size_t i = 0; i < placement_.nodes().size(); ++i) {
    addresses_.nodes["n" + std::to_string(i + 1)] = placement_.nodes()[i].addresses;
  }
  if (auto own = learn_cluster_own(deadline); !own) {
    return own;
  }
  if (auto free = refuse_foreign(world, deadline); !free) {
    return free;
  }
  auto api = cluster_->client();
  for (const auto& value : world.namespaces) {
    if (is_cluster_own(value.name)) {
      continue;
    }
    const auto name = placement_.real(value.name);
    made_.insert(name);
    if (auto made = put(
            api, namespace_path(name), namespace_object(value, placement_, style_.notes), deadline);
        !made) {
      return made;
    }
  }
  for (const auto& service : world.services) {
    if (is_cluster_own(service.id.namespace_name)) {
      continue;
    }
    if (auto made = put_service(api, service, deadline); !made) {
      return made;
    }
  }
  std::vector<PodId> ids;
  std::vector<std::function<Result<void>(ApiClient&)>> calls;
  for (const auto& pod : world.pods) {
    if (is_cluster_own(pod.id.namespace_name)) {
      continue;
    }
    pinned_[pod.id] = placement_.choose(pod)->hostname;
    ids.push_back(pod.id);
    calls.emplace_back(
        [this, &pod, deadline](ApiClient& client) { return put_pod(client, pod, deadline); });
  }
  if (auto made = call_all(*cluster_, calls); !made) {
    return made;
  }
  return await_pods(ids, deadline);
}

std::string ClusterWorld::architecture_of(const PodId& id) const {
  const auto found = addresses_.node_of.find(id);
  const auto& nodes = placement_.nodes();
  const auto node = std::find_if(nodes.begin(), nodes.end(), [&](const ClusterNode& candidate) {
    return found != addresses_.node_of.end() &&
           placement_.logical_node(candidate.name) == found->second;
  });
  return node == nodes.end() ? "" : node->architecture;
}

Result<void> ClusterWorld::remove(TimePoint deadline) {
  if (made_.empty()) {
    return {};
  }
  auto removed =
      remove_namespaces(*cluster_, {made_.begin(), made_.end()}, placement_.selector(), deadline);
  if (removed) {
    made_.clear();
  }
  return removed;
}

}  // namespace nettest
