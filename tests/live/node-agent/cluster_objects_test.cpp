#include "tests/live/node-agent/cluster_objects.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

using Json = nlohmann::json;

Json pod(const std::string& name, const std::string& phase = "Running") {
  return Json::parse(R"({"apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": ")" +
                     name + R"(", "namespace": "x", "uid": "1", "labels": {"app": "web"},
      "managedFields": [{"manager": "kubelet", "fieldsV1": {"f:status": {}}}]},
    "spec": {"nodeName": "n2", "containers": [{"name": "c", "image": "i", "ports":
      [{"name": "http", "containerPort": 80, "protocol": "TCP"}], "resources": {}}],
      "tolerations": [{"operator": "Exists"}]},
    "status": {"phase": ")" +
                     phase + R"(", "podIP": "10.244.2.7",
      "podIPs": [{"ip": "10.244.2.7"}, {"ip": "fd00:10:244:2::7"}]}})");
}

TEST(ClusterObjects, KeepWhatPoliciesAreAbout) {
  ClusterObjects objects;
  objects.put(pod("web"));
  objects.put({{"apiVersion", "v1"},
               {"kind", "Namespace"},
               {"metadata", {{"name", "x"}, {"labels", {{"team", "a"}}}}}});
  objects.put(Json::parse(
      R"({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "deny", "namespace": "x"}, "spec": {"podSelector": {}}})"));
  const auto known = objects.read();
  ASSERT_TRUE(known) << to_string(known.error());
  const PodId id{"x", "web"};
  ASSERT_NE(find_pod(known->state.world, id), nullptr);
  EXPECT_EQ(find_pod(known->state.world, id)->labels, (Labels{{"app", "web"}}));
  EXPECT_EQ(find_pod(known->state.world, id)->ports.at(0).name, "http");
  EXPECT_EQ(known->addresses.pods.at(id).size(), 2U);
  EXPECT_EQ(known->addresses.node_of.at(id), "n2");
  EXPECT_EQ(find_namespace(known->state.world, "x")->labels.at("team"), "a");
  ASSERT_EQ(known->state.policies.size(), 1U);
  EXPECT_TRUE(known->state.policies[0].isolates_ingress);
}

TEST(ClusterObjects, ForgetPodsThatHaveEnded) {
  ClusterObjects objects;
  objects.put(pod("gone"));
  objects.put(pod("completed"));
  objects.put(pod("completed", "Succeeded"));
  objects.remove(pod("gone"));
  const auto known = objects.read();
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->state.world.pods.empty());
  EXPECT_TRUE(known->addresses.node_of.empty());
}

TEST(ClusterObjects, NameTheObjectThatCannotBeRead) {
  ClusterObjects objects;
  objects.put(Json::parse(
      R"({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "odd", "namespace": "x"}, "spec": {"podSelector": 7}})"));
  const auto known = objects.read();
  ASSERT_FALSE(known);
  EXPECT_NE(to_string(known.error()).find("NetworkPolicy x/odd"), std::string::npos);
}

}  // namespace
}  // namespace nettest
