#include "harness/kubernetes/permissions.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kReviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

Json review_of(const Permission& permission, const std::string& verb) {
  const auto slash = permission.resource.find('/');
  Json attributes = {{"group", permission.group},
                     {"resource", permission.resource.substr(0, slash)},
                     {"verb", verb}};
  if (slash != std::string::npos) {
    attributes["subresource"] = permission.resource.substr(slash + 1);
  }
  return {{"apiVersion", "authorization.k8s.io/v1"},
          {"kind", "SelfSubjectAccessReview"},
          {"spec", {{"resourceAttributes", std::move(attributes)}}}};
}

}  // namespace

const std::vector<Permission>& permissions_to_run() {
  // `get` of pods/exec: kubectl opens an exec by a websocket, which is a GET.
  static const std::vector<Permission> rules = {
      {"", "namespaces", {"create", "delete", "get", "list", "patch", "watch"}},
      {"", "nodes", {"list"}},
      {"", "pods", {"create", "delete", "get", "list", "patch", "watch"}},
      {"", "pods/exec", {"create", "get"}},
      {"", "services", {"create", "delete", "get", "list", "patch"}},
      {"networking.k8s.io", "networkpolicies", {"create", "delete", "get", "list", "patch"}},
  };
  return rules;
}

const std::vector<Permission>& permissions_to_read() {
  static const std::vector<Permission> rules = {
      {"", "namespaces", {"list"}},
      {"", "pods", {"list"}},
      {"", "services", {"list"}},
      {"networking.k8s.io", "networkpolicies", {"list"}},
  };
  return rules;
}

std::string cluster_role(const std::string& name, const std::vector<Permission>& rules) {
  std::string text =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: " + name +
      "}\nrules:\n";
  for (const auto& rule : rules) {
    text += "  - {apiGroups: [\"" + rule.group + "\"], resources: [" + rule.resource +
            "], verbs: [" + join(rule.verbs, ", ") + "]}\n";
  }
  return text;
}

Result<void> check_permissions(ApiClient& api,
                               const std::vector<Permission>& needed,
                               TimePoint deadline) {
  std::vector<Permission> missing;
  for (const auto& permission : needed) {
    Permission lacking{permission.group, permission.resource, {}};
    for (const auto& verb : permission.verbs) {
      const auto answer = api.create(kReviews, review_of(permission, verb), deadline);
      if (!answer) {
        return tl::unexpected(answer.error().to_error("ask what we may do"));
      }
      const auto status = answer->find("status");
      if (status == answer->end() || !status->value("allowed", false)) {
        lacking.verbs.push_back(verb);
      }
    }
    if (!lacking.verbs.empty()) {
      missing.push_back(std::move(lacking));
    }
  }
  if (missing.empty()) {
    return {};
  }
  std::vector<std::string> words;
  words.reserve(missing.size());
  for (const auto& lacking : missing) {
    words.push_back(join(lacking.verbs, "/") + " " + lacking.resource);
  }
  return fail(ErrorKind::engine,
              "this user may not " + join(words, ", ") +
                  " on the cluster. A cluster administrator can grant it; bind this role with "
                  "`kubectl create clusterrolebinding nettest --clusterrole=nettest "
                  "--user=NAME` (or --serviceaccount=NAMESPACE:NAME):\n" +
                  cluster_role("nettest", missing));
}

}  // namespace nettest
