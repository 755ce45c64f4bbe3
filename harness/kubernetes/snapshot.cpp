#include "harness/kubernetes/snapshot.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace nettest {

namespace {

/// A collection, and what its items are: lists leave that out of them.
struct Collection {
  std::string path;
  std::string api_version;
  std::string kind;
};

const std::array<Collection, 4> kNeeded = {
    Collection{"/api/v1/namespaces", "v1", "Namespace"},
    Collection{"/api/v1/pods", "v1", "Pod"},
    Collection{"/api/v1/services", "v1", "Service"},
    Collection{
        "/apis/networking.k8s.io/v1/networkpolicies", "networking.k8s.io/v1", "NetworkPolicy"}};

const std::array<Collection, 2> kOwners = {
    Collection{"/apis/apps/v1/replicasets", "apps/v1", "ReplicaSet"},
    Collection{"/apis/batch/v1/jobs", "batch/v1", "Job"}};

constexpr const char* kOwnGroup = "networking.k8s.io";
/// Policies whose kind does not end in NetworkPolicy.
constexpr std::array<std::string_view, 3> kOtherPolicies = {
    "AuthorizationPolicy", "PeerAuthentication", "Sidecar"};

std::string text_at(const Json& object, const char* pointer) {
  const Json::json_pointer at(pointer);
  return object.contains(at) && object.at(at).is_string() ? object.at(at).get<std::string>() : "";
}

std::string name_of(const Json& object, const std::string& kind) {
  const std::string home = text_at(object, "/metadata/namespace");
  return kind + " " + (home.empty() ? "" : home + "/") + text_at(object, "/metadata/name");
}

bool is_policy_kind(const std::string& kind) {
  return kind.ends_with("NetworkPolicy") ||
         std::find(kOtherPolicies.begin(), kOtherPolicies.end(), kind) != kOtherPolicies.end();
}

class Snapshot {
 public:
  Snapshot(ApiClient& api, const std::function<void(const ObjectText&)>& take, TimePoint deadline)
      : api_(api), take_(take), deadline_(deadline) {}

  Result<void> needed() {
    for (const Collection& collection : kNeeded) {
      auto list = api_.list(collection.path, "", deadline_);
      if (!list) {
        return tl::unexpected(list.error().to_error("list " + collection.kind));
      }
      for (Json& item : list->items) {
        note_owners(item);
        hand_on(item, collection);
      }
    }
    return {};
  }

  /// Only those that own a pod: the others run nothing.
  void owners() {
    for (const Collection& collection : kOwners) {
      auto list = api_.list(collection.path, "", deadline_);
      if (!list) {
        miss(list.error().to_error("list " + collection.kind),
             "pods are named by their " + collection.kind + "s");
        continue;
      }
      for (Json& item : list->items) {
        if (owning_.contains(name_of(item, collection.kind))) {
          hand_on(item, collection);
        }
      }
    }
  }

  /// Policies of other kinds, of every API group that has some.
  void foreign_policies() {
    const auto groups = api_.get("/apis", deadline_);
    if (!groups) {
      miss(groups.error().to_error("list API groups"), "policies of other kinds are not seen");
      return;
    }
    for (const Json& group : groups->value("groups", Json::array())) {
      const std::string version = text_at(group, "/preferredVersion/groupVersion");
      if (!version.empty() && text_at(group, "/name") != kOwnGroup) {
        foreign_policies_of(version);
      }
    }
  }

  std::vector<std::string> not_seen() { return std::move(not_seen_); }

 private:
  void foreign_policies_of(const std::string& version) {
    const auto resources = api_.get("/apis/" + version, deadline_);
    if (!resources) {
      return;  // An aggregated API that is down serves no policies either.
    }
    for (const Json& resource : resources->value("resources", Json::array())) {
      const std::string kind = text_at(resource, "/kind");
      const std::string name = text_at(resource, "/name");
      if (!is_policy_kind(kind) || name.find('/') != std::string::npos) {
        continue;
      }
      const Collection collection{"/apis/" + version + "/" + name, version, kind};
      auto list = api_.list(collection.path, "", deadline_);
      if (!list) {
        miss(list.error().to_error("list " + kind), "policies of this kind are not seen");
        continue;
      }
      for (Json& item : list->items) {
        hand_on(item, collection);
      }
    }
  }

  void note_owners(const Json& object) {
    const Json::json_pointer at("/metadata/ownerReferences");
    if (!object.contains(at) || !object.at(at).is_array()) {
      return;
    }
    for (const Json& owner : object.at(at)) {
      owning_.insert(text_at(owner, "/kind") + " " + text_at(object, "/metadata/namespace") + "/" +
                     text_at(owner, "/name"));
    }
  }

  void hand_on(Json& item, const Collection& collection) {
    item["apiVersion"] = collection.api_version;
    item["kind"] = collection.kind;
    constexpr int kIndent = 4;
    take_({name_of(item, collection.kind),
           item.dump(kIndent, ' ', false, Json::error_handler_t::replace)});
  }

  void miss(const Error& error, const std::string& consequence) {
    not_seen_.push_back(error.message + "; " + consequence);
  }

  ApiClient& api_;
  const std::function<void(const ObjectText&)>& take_;
  TimePoint deadline_;
  std::set<std::string> owning_;
  std::vector<std::string> not_seen_;
};

}  // namespace

Result<std::vector<std::string>> take_snapshot(ApiClient& api,
                                               const std::function<void(const ObjectText&)>& take,
                                               TimePoint deadline) {
  Snapshot snapshot(api, take, deadline);
  if (auto needed = snapshot.needed(); !needed) {
    return tl::unexpected(needed.error());
  }
  snapshot.owners();
  snapshot.foreign_policies();
  return snapshot.not_seen();
}

}  // namespace nettest
