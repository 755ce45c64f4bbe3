// The static commands on a live cluster, over a scripted API server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kubernetes/scripted_api.hpp"
#include "tests/static/run_static.hpp"

namespace nettest {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string pod(const std::string& ns, const std::string& name, const std::string& more) {
  return R"({"metadata": {"name": ")" + name + R"(", "namespace": ")" + ns +
         R"(", "labels": {"app": ")" + name + R"("}, "managedFields": [])" + more +
         R"(}, "spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "i",
             "ports": [{"containerPort": 80, "protocol": "TCP"}]}]},
             "status": {"phase": "Running"}})";
}

std::string list(const std::string& items) {
  return R"({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": [)" +
         items + "]}";
}

std::string owner(const std::string& kind, const std::string& name) {
  return R"(, "ownerReferences": [{"apiVersion": "apps/v1", "controller": true, "uid": "u", "kind": ")" +
         kind + R"(", "name": ")" + name + R"("}])";
}

std::string replica_set(const std::string& name, const std::string& of) {
  return R"({"metadata": {"name": ")" + name + R"(", "namespace": "default")" +
         owner("Deployment", of) +
         R"(}, "spec": {"replicas": 1, "selector": {}, "template": {"metadata": {}, "spec": {"containers": []}}}})";
}

/// A small cluster: web of a Deployment, isolated, and a tester.
std::string small_cluster(const std::string& path) {
  if (path == "/version") {
    return R"({"gitVersion": "v1.34.4"})";
  }
  if (path == "/api/v1/namespaces") {
    return list(
        R"({"metadata": {"name": "default", "labels": {"kubernetes.io/metadata.name": "default"}}})");
  }
  if (path == "/api/v1/pods") {
    return list(pod("default", "tester", "") + "," +
                pod("default", "web", owner("ReplicaSet", "web-1")));
  }
  if (path == "/apis/apps/v1/replicasets") {
    return list(replica_set("web-1", "web") + "," + replica_set("old-1", "old"));
  }
  if (path == "/apis/networking.k8s.io/v1/networkpolicies") {
    return list(R"({"metadata": {"name": "deny-web", "namespace": "default"},
                    "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]}})");
  }
  if (path == "/apis") {
    return R"({"kind": "APIGroupList", "groups": []})";
  }
  return path.starts_with("/api") ? list("") : "{}";
}

/// What a test's cluster answers.
ScriptedApi::Script cluster(const std::map<std::string, ScriptedReply>& other = {}) {
  return [other](const ScriptedRequest& request) {
    const auto found = other.find(request.path);
    return found != other.end() ? found->second : ScriptedReply{200, small_cluster(request.path)};
  };
}

test::Ran run_live(ScriptedApi& api, std::vector<std::string> args) {
  args.insert(args.end(), {"--context", "kind-ci", "--kubectl", scripted_kubectl(api.folder())});
  return test::run_static(std::move(args));
}

TEST(LiveCluster, IsListedByTopOwners) {
  ScriptedApi api(cluster());
  const auto ran = run_live(api, {"list"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("default/web[Deployment] => default/tester[Pod] : All Connections\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("=> default/web")));
  EXPECT_THAT(ran.out, Not(HasSubstr("old"))) << "a ReplicaSet without pods runs nothing";
}

TEST(LiveCluster, IsOnlyRead) {
  ScriptedApi api(cluster());
  run_live(api, {"explain"});
  for (const std::string& request : api.log()) {
    EXPECT_TRUE(request.starts_with("GET ") ||
                request == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        << request;
  }
}

TEST(LiveCluster, AnswersQueries) {
  ScriptedApi api(cluster());
  const auto ran =
      run_live(api, {"query", "--from", "default/tester", "--to", "default/web", "--port", "80"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("blocked"));
  EXPECT_THAT(ran.out, HasSubstr("policy default/deny-web (NetworkPolicy default/deny-web:"));
}

TEST(LiveCluster, IsTheOldSideOfADiff) {
  ScriptedApi api(cluster());
  const std::string walkthrough =
      std::string(NETTEST_SOURCE_DIR) + "/tests/static/golden/walkthrough";
  const auto ran = run_live(api, {"diff", walkthrough});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("policies: 0 added, 1 removed, 0 changed"));
  EXPECT_THAT(ran.out, HasSubstr("default/backend[Pod] is new"));
  EXPECT_EQ(run_live(api, {"diff", walkthrough, walkthrough}).code, 2);
}

TEST(LiveCluster, PoliciesOfOtherKindsAreNotPassedOver) {
  ScriptedApi api(cluster(
      {{"/apis",
        {200,
         R"({"groups": [{"name": "cilium.io", "preferredVersion": {"groupVersion": "cilium.io/v2"}}]})"}},
       {"/apis/cilium.io/v2",
        {200, R"({"resources": [{"name": "ciliumnetworkpolicies", "kind": "CiliumNetworkPolicy"},
                                {"name": "ciliumnetworkpolicies/status", "kind": "CiliumNetworkPolicy"}]})"}},
       {"/apis/cilium.io/v2/ciliumnetworkpolicies",
        {200, list(R"({"metadata": {"name": "l7", "namespace": "default"}, "spec": {}})")}}}));
  const auto ran = run_live(api, {"list"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("CiliumNetworkPolicy default/l7 (cilium.io/v2)"));
}

TEST(LiveCluster, WhatIsNeededAndForbiddenIsAnError) {
  const ScriptedReply forbidden{403, status_body(403, "Forbidden", "pods is forbidden")};
  ScriptedApi api(cluster({{"/api/v1/pods", forbidden}}));
  const auto ran = run_live(api, {"list"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("context kind-ci"), HasSubstr("pods is forbidden")));
  EXPECT_EQ(ran.out, "");
}

TEST(LiveCluster, OwnersThatAreForbiddenAreAWarning) {
  const ScriptedReply forbidden{403, status_body(403, "Forbidden", "replicasets is forbidden")};
  ScriptedApi api(cluster({{"/apis/apps/v1/replicasets", forbidden}}));
  const auto ran = run_live(api, {"list"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("replicasets is forbidden"));
  EXPECT_THAT(ran.out, HasSubstr("default/web-1[ReplicaSet] =>"));
}

TEST(LiveCluster, IsNotMixedWithManifests) {
  ScriptedApi api(cluster());
  EXPECT_EQ(run_live(api, {"list", "."}).code, 2);
  EXPECT_EQ(test::run_static({"list"}).code, 2);
}

}  // namespace
}  // namespace nettest
