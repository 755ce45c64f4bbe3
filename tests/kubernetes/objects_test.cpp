// What is sent to the API, and what is read from it: pure.
#include "harness/kubernetes/objects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/kubernetes/cluster_questions.hpp"
#include "harness/kubernetes/placement.hpp"
#include "harness/kubernetes/pod_status.hpp"
#include "harness/kubernetes/sha256.hpp"

namespace nettest {
namespace {

using testing::ElementsAre;

Placement placement(bool exact = false) {
  return {"r1", 2, exact, {{"b", "host-b", "amd64", {}}, {"a", "host-a", "amd64", {}}}};
}

TEST(PlacementTest, NamespacesAreOurOwn) {
  EXPECT_EQ(placement().real("notes"), "nettest-r1-2-notes");
  EXPECT_EQ(placement().real("kube-system"), "kube-system");
  EXPECT_EQ(placement(true).real("notes"), "notes");
  const auto one = placement().real(std::string(60, 'a') + "b");
  const auto other = placement().real(std::string(60, 'a') + "c");
  EXPECT_EQ(one.size(), 63U);
  EXPECT_NE(one, other);
}

TEST(PlacementTest, HostsLeadToTheRealNamespace) {
  World world;
  world.namespaces = {{"default", {}, false, {}}};
  EXPECT_EQ(placement().real_host("web", world), "web");
  EXPECT_EQ(placement().real_host("web.default", world), "web.nettest-r1-2-default");
  EXPECT_EQ(placement().real_host("web.default.svc.cluster.local", world),
            "web.nettest-r1-2-default.svc.cluster.local");
  EXPECT_EQ(placement().real_host("web.elsewhere", world), "web.elsewhere");
  EXPECT_EQ(placement().real_host("10.0.0.1", world), "10.0.0.1");
}

TEST(PlacementTest, PodsGoWhereTheyAskOrInTurn) {
  auto place = placement();
  Pod pod;
  EXPECT_EQ(place.choose(pod)->name, "a");
  EXPECT_EQ(place.choose(pod)->name, "b");
  EXPECT_EQ(place.choose(pod)->name, "a");
  pod.node = "n2";
  EXPECT_EQ(place.choose(pod)->name, "b");
  pod.node = "a";
  EXPECT_EQ(place.choose(pod)->name, "a");
  EXPECT_EQ(place.logical_node("b"), "n2");
}

TEST(ObjectsTest, PodsMeetTheRestrictedStandard) {
  Pod pod;
  pod.id = {"x", "a"};
  pod.labels = {{"app", "a"}};
  pod.ports = {{"http", 80, Protocol::tcp, Serve::http}};
  EXPECT_EQ(pod_object(pod, placement(), {}, "host-a"), Json::parse(R"({
    "apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": "a", "namespace": "nettest-r1-2-x",
                 "labels": {"app": "a", "nettest.dev/run": "r1", "nettest.dev/lane": "2"}},
    "spec": {
      "automountServiceAccountToken": false, "enableServiceLinks": false,
      "nodeSelector": {"kubernetes.io/hostname": "host-a"},
      "restartPolicy": "Always", "terminationGracePeriodSeconds": 0,
      "volumes": [{"name": "nettest", "emptyDir": {}}],
      "securityContext": {
        "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
        "sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]},
      "containers": [{
        "name": "pod", "image": "registry.k8s.io/e2e-test-images/agnhost:2.56",
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", "while :; do sleep 3600; done"],
        "ports": [{"containerPort": 80, "protocol": "TCP", "name": "http"}],
        "volumeMounts": [{"name": "nettest", "mountPath": "/nettest"}],
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}},
        "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                            "capabilities": {"drop": ["ALL"]}}}]}})"));
}

TEST(ObjectsTest, TheSysctlIsAskedForOnlyWhereItIsNeeded) {
  const auto asks = [](const Pod& pod) {
    return pod_object(pod, placement(), {}, "")["spec"]["securityContext"].contains("sysctls");
  };
  Pod pod;
  pod.ports = {{"", 8080, Protocol::tcp, Serve::http}};
  EXPECT_FALSE(asks(pod));
  pod.ports.push_back({"", 53, Protocol::udp, Serve::plain});
  EXPECT_TRUE(asks(pod));
  pod.ports.clear();
  EXPECT_FALSE(asks(pod));
  pod.image = "nginx:1";
  EXPECT_TRUE(asks(pod));
}

TEST(ObjectsTest, ImagesComeFromTheRegistryThatIsSaid) {
  Pod pod;
  PodStyle style;
  style.registry = "mirror.example";
  EXPECT_EQ(image_of(pod, style), "mirror.example/e2e-test-images/agnhost:2.56");
  pod.image = "nginx:1";
  EXPECT_EQ(image_of(pod, style), "mirror.example/nginx:1");
  pod.image = "library/nginx:1";
  EXPECT_EQ(image_of(pod, style), "mirror.example/library/nginx:1");
  pod.image = "localhost/wget:1";
  EXPECT_EQ(image_of(pod, style), "mirror.example/wget:1");
  EXPECT_EQ(image_of(pod, {}), "localhost/wget:1");
}

TEST(ObjectsTest, SelectorsOnNamesOfNamespacesLeadToTheRealOnes) {
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  policy.isolates_egress = true;
  PolicyPeer peer;
  peer.namespace_selector = LabelSelector{
      {{"kubernetes.io/metadata.name", "y"}, {"team", "y"}},
      {{"kubernetes.io/metadata.name", SelectorOperator::not_in, {"z", "kube-system"}}}};
  peer.pod_selector = LabelSelector{};
  PolicyPeer block;
  block.ip_block = IpBlock{{"10.0.0.0/8", Cidr::parse("10.0.0.0/8"), {}},
                           {{"10.1.0.0/16", Cidr::parse("10.1.0.0/16"), {}}}};
  policy.ingress = {{{peer, block}, {{Protocol::udp, Port{53}, Port{54}, {}}, {}}, {}}};
  policy.egress = {{}};
  EXPECT_EQ(policy_object(policy, placement())["spec"], Json::parse(R"({
    "podSelector": {}, "policyTypes": ["Ingress", "Egress"],
    "ingress": [{
      "from": [
        {"podSelector": {},
         "namespaceSelector": {
           "matchLabels": {"kubernetes.io/metadata.name": "nettest-r1-2-y", "team": "y"},
           "matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "NotIn",
                                 "values": ["nettest-r1-2-z", "kube-system"]}]}},
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
      "ports": [{"protocol": "UDP", "port": 53, "endPort": 54}, {"protocol": "TCP"}]}],
    "egress": [{}]})"));
}

TEST(ObjectsTest, ServicesKeepTheirPorts) {
  Service service;
  service.id = {"x", "s"};
  service.selector.match_labels = {{"app", "a"}};
  service.ports = {{"", 80, Protocol::tcp, std::string("http")},
                   {"dns", 53, Protocol::udp, Port{5353}}};
  EXPECT_EQ(service_object(service, placement())["spec"], Json::parse(R"({
    "selector": {"app": "a"}, "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
    "ports": [{"name": "p0", "port": 80, "protocol": "TCP", "targetPort": "http"},
              {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 5353}]})"));
}

TEST(Sha256Test, SumsAsTheStandardSays) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(PodStatusTest, NodesThatKeepPodsAwayAreLeftOut) {
  const auto node = [](const std::string& name, const std::string& spec) {
    return Json::parse(R"({"metadata": {"name": ")" + name + R"("}, "spec": )" + spec +
                       R"(, "status": {"conditions": [{"type": "Ready", "status": "True"}]}})");
  };
  const auto usable = usable_nodes({node("a", "{}"),
                                    node("b", R"({"unschedulable": true})"),
                                    node("c", R"({"taints": [{"effect": "NoSchedule"}]})"),
                                    node("d", R"({"taints": [{"effect": "PreferNoSchedule"}]})")});
  std::vector<std::string> names;
  for (const auto& one : usable) {
    names.push_back(one.name);
  }
  EXPECT_THAT(names, ElementsAre("a", "d"));
}

TEST(PodStatusTest, FamiliesComeFromNodesAndPods) {
  EXPECT_THAT(
      pod_families({Json::parse(R"({"spec": {"podCIDRs": ["10.0.0.0/24", "fd00::/64"]}})")}, {}),
      ElementsAre(IpFamily::ipv4, IpFamily::ipv6));
  EXPECT_THAT(pod_families({}, {Json::parse(R"({"status": {"podIPs": [{"ip": "fd00::1"}]}})")}),
              ElementsAre(IpFamily::ipv6));
  EXPECT_THAT(pod_families({Json::parse(R"({"spec": {"podCIDRs": ["10.0.0.0/24", "fd00::/64"]}})")},
                           {Json::parse(R"({"status": {"podIPs": [{"ip": "10.0.0.1"}]}})")}),
              ElementsAre(IpFamily::ipv4))
      << "the plugin has IPv6 switched off";
  EXPECT_THAT(pod_families({}, {}), ElementsAre(IpFamily::ipv4));
}

}  // namespace
}  // namespace nettest
