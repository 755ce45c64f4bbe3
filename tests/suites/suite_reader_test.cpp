#include "suites/suite_reader.hpp"

#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nettest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string all_errors(const Errors& errors) {
  std::string text;
  for (const auto& error : errors) {
    text += (text.empty() ? "" : "\n") + to_string(error);
  }
  return text;
}

constexpr const char* kWorld = R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: s}
world:
  namespaces: [{name: x, labels: {team: a}}, {name: z}]
  pods:
    - {name: a, namespace: x, labels: {app: web, tier: one}, ports: [{name: http, port: 80, serve: http}]}
    - {name: b, namespace: z, ports: [{port: 53, protocol: UDP}], ips: [10.0.0.1, "fd00::1"], node: n1,
       hostNetwork: true, image: busybox, command: [sleep, "1"]}
  services:
    - {name: web, namespace: x, selector: {app: web}, families: [IPv6, IPv4],
       ports: [{name: one, port: 80, targetPort: http}, {name: two, port: 81, targetPort: 8081, protocol: UDP}]}
    - {name: none, namespace: z, headless: true}
)";

Suite suite_of(const std::string& cases) {
  const auto suite = read_suite_text(kWorld + cases, "s.yaml", ".");
  EXPECT_TRUE(suite) << all_errors(suite ? Errors{} : suite.error());
  return suite ? *suite : Suite{};
}

std::string errors_of(const std::string& cases) {
  const auto suite = read_suite_text(kWorld + cases, "s.yaml", ".");
  return suite ? "read" : all_errors(suite.error());
}

constexpr const char* kOneStep = "cases: [{name: c, steps: [{name: s}]}]\n";

TEST(SuiteReader, ReadsTheWorld) {
  const auto suite = suite_of(kOneStep);
  const World& world = suite.world;
  ASSERT_EQ(world.namespaces.size(), 2U);
  const Labels wanted = {{"kubernetes.io/metadata.name", "x"}, {"team", "a"}};
  EXPECT_EQ(world.namespaces[0].labels, wanted);
  ASSERT_EQ(world.pods.size(), 2U);
  EXPECT_EQ(world.pods[0].ports[0].name, "http");
  EXPECT_EQ(world.pods[0].ports[0].serve, Serve::http);
  const Pod& b = world.pods[1];
  EXPECT_EQ(b.ports[0].protocol, Protocol::udp);
  EXPECT_EQ(b.ports[0].serve, Serve::plain);
  EXPECT_EQ(to_string(b.ips.at(1)), "fd00::1");
  EXPECT_EQ(b.node, "n1");
  EXPECT_TRUE(b.host_network);
  EXPECT_THAT(b.command, ElementsAre("sleep", "1"));
  ASSERT_EQ(world.services.size(), 2U);
  const Service& web = world.services[0];
  EXPECT_THAT(web.families, ElementsAre(IpFamily::ipv6, IpFamily::ipv4));
  EXPECT_EQ(std::get<std::string>(web.ports[0].target_port), "http");
  EXPECT_EQ(std::get<Port>(web.ports[1].target_port), 8081);
  EXPECT_TRUE(world.services[1].headless);
}

TEST(SuiteReader, ReadsWhatACaseNeedsAndDetects) {
  const auto suite = suite_of(
      "cases: [{name: c, needs: [two-nodes, sctp], detects: [P1, D10], steps: [{name: s}]}]\n");
  EXPECT_THAT(suite.cases[0].needs, ElementsAre(Need::two_nodes, Need::sctp));
  EXPECT_THAT(suite.cases[0].detects, ElementsAre("P1", "D10"));
}

TEST(SuiteReader, AsksTheMatrixOfAllPodsUnlessToldOtherwise) {
  const auto suite = suite_of(kOneStep);
  ASSERT_EQ(suite.probes.size(), 1U);
  EXPECT_THAT(std::get<MatrixSpec>(suite.probes[0].what).by, ElementsAre(By::pod_ip));
  EXPECT_FALSE(suite.cases[0].steps[0].probes);
}

TEST(SuiteReader, ReadsProbesAsAListOrAsOneMatrix) {
  const auto suite = suite_of(R"(
probes: {matrix: {ports: [80, 81], protocols: [UDP], by: [service-ip, service-name], families: [IPv6]}}
cases:
  - name: c
    steps:
      - name: s
        probes:
          - {from: x/a, to: "http://web.x", client: wget}
          - {from: "*/*", to: "svc:x/web:80", by: service-name, families: [IPv4, IPv6]}
          - {matrix: {}}
)");
  const auto& matrix = std::get<MatrixSpec>(suite.probes.at(0).what);
  EXPECT_THAT(matrix.ports, ElementsAre(80, 81));
  EXPECT_THAT(matrix.protocols, ElementsAre(Protocol::udp));
  EXPECT_THAT(matrix.by, ElementsAre(By::service_ip, By::service_name));
  EXPECT_THAT(matrix.families, ElementsAre(IpFamily::ipv6));
  const auto& probes = suite.cases[0].steps[0].probes.value();
  ASSERT_EQ(probes.size(), 3U);
  EXPECT_EQ(std::get<PairSpec>(probes[0].what).client, Client::wget);
  EXPECT_EQ(std::get<PairSpec>(probes[1].what).by, By::service_name);
  EXPECT_TRUE(std::holds_alternative<MatrixSpec>(probes[2].what));
}

struct Grammar {
  const char* written;
  const char* from;
  const char* to;
  std::optional<Port> port;
  std::optional<Protocol> protocol;
};

TEST(SuiteReader, ReadsExpectations) {
  for (const auto& row :
       {Grammar{"*/* -> *", "*/*", "*", {}, {}},
        Grammar{"x/a -> z/b", "x/a", "z/b", {}, {}},
        Grammar{"x/a->z/b:53/UDP", "x/a", "z/b", 53, Protocol::udp},
        Grammar{"x/a -> *:80", "x/a", "*", 80, {}},
        Grammar{"x/a -> */UDP", "x/a", "*", {}, Protocol::udp},
        Grammar{"x/a -> z/b/SCTP", "x/a", "z/b", {}, Protocol::sctp},
        Grammar{"x/a -> svc:x/web:80/TCP", "x/a", "svc:x/web", 80, Protocol::tcp},
        Grammar{"x/a -> http://web.x:80/UDP", "x/a", "http://web.x:80/UDP", {}, {}}}) {
    const auto suite =
        suite_of("cases: [{name: c, steps: [{name: s, expect: [{allow: x/a -> z/b}, {deny: \"" +
                 std::string(row.written) + "\"}]}]}]\n");
    const auto& expect = suite.cases.at(0).steps.at(0).expect;
    ASSERT_EQ(expect.size(), 2U) << row.written;
    EXPECT_TRUE(expect[0].allow);
    EXPECT_FALSE(expect[1].allow);
    EXPECT_EQ(expect[1].from, row.from) << row.written;
    EXPECT_EQ(expect[1].to, row.to) << row.written;
    EXPECT_EQ(expect[1].port, row.port) << row.written;
    EXPECT_EQ(expect[1].protocol, row.protocol) << row.written;
    EXPECT_EQ(expect[1].written, row.written);
  }
}

TEST(SuiteReader, OrdersChangesCreateLabelApplyDeleteAndKnowsTheState) {
  const auto suite = suite_of(R"(
cases:
  - name: c
    steps:
      - name: all
        delete: [{policy: n1/p}, {pod: z/b}, {service: x/web}]
        apply:
          - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: n1}, spec: {podSelector: {}}}
        label:
          - {pod: x/a, set: {app: api}, remove: [tier]}
          - {pod: x/a, set: {extra: "1"}}
          - {namespace: x, set: {team: b}}
          - {pod: n1/c, set: {k: v}}
        create:
          - namespace: {name: n1, labels: {team: z}}
          - pod: {name: c, namespace: n1}
          - service: {name: s, namespace: n1, selector: {}, ports: [{port: 1}]}
      - name: then
        label: [{pod: x/a, remove: [app]}]
        delete: [{namespace: n1}]
      - name: again
        create: [{namespace: {name: n1}}, {pod: {name: c, namespace: n1}}, {pod: {name: b, namespace: z}}]
  - name: from the bare world
    steps:
      - {name: s, delete: [{pod: z/b}]}
)");
  std::vector<std::string> said;
  for (const auto& change : suite.cases.at(0).steps.at(0).changes) {
    said.push_back(describe(change));
  }
  EXPECT_THAT(said,
              ElementsAre("create namespace n1",
                          "create pod n1/c",
                          "create service n1/s",
                          "set the labels of pod x/a: app=api",
                          "set the labels of pod x/a: app=api,extra=1",
                          "set the labels of namespace x: team=b",
                          "set the labels of pod n1/c: k=v",
                          "apply NetworkPolicy n1/p",
                          "delete NetworkPolicy n1/p",
                          "delete pod z/b",
                          "delete service x/web"));
  EXPECT_EQ(describe(suite.cases[0].steps[1].changes[0]), "set the labels of pod x/a: extra=1");
  // What the reader followed in its own way, apply_change() makes too.
  for (const auto& one : suite.cases) {
    ClusterState state{with_cluster_dns(suite.world), {}};
    for (const auto& step : one.steps) {
      for (const auto& change : step.changes) {
        const auto made = apply_change(state, change);
        EXPECT_TRUE(made) << (made ? "" : to_string(made.error()));
      }
    }
  }
}

TEST(SuiteReader, TheClustersOwnPartIsThereWithoutBeingWritten) {
  const auto suite = suite_of(R"(
cases:
  - name: c
    steps:
      - name: s
        apply:
          - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: kube-system},
             spec: {ingress: [{from: [{ipBlock: {cidr: $(ip kube-system/kube-dns)/32}}]}]}}
        expect: [{allow: kube-system/kube-dns -> x/a}]
)");
  EXPECT_EQ(suite.cases.at(0).steps.at(0).changes.size(), 1U);
  EXPECT_EQ(suite.world.pods.size(), 2U);
}

TEST(SuiteReader, AnErrorInOneThingIsNotOneInEveryThing) {
  // The policy cannot be read, so nothing is said about deleting it.
  EXPECT_EQ(errors_of(R"(
cases:
  - name: c
    steps:
      - name: s
        apply: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: x}, spec: {x: 1}}]
      - name: t
        delete: [{policy: x/p}]
)"),
            "s.yaml:19:115: spec: unknown key \"x\"; known are podSelector, ingress, egress, "
            "policyTypes");
  // The namespace is missing once, not once for each thing in it.
  EXPECT_EQ(errors_of(R"(
cases:
  - name: c
    steps:
      - name: s
        apply: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: xx}, spec: {}}]
      - name: t
        delete: [{policy: xx/p}]
)"),
            "s.yaml:19:90: apply: NetworkPolicy xx/p: there is no namespace xx, did you mean "
            "\"x\"?");
}

TEST(SuiteReader, ShippedSuitesAreRead) {
  for (const char* name : {"frontend-backend", "walkthrough-as-written"}) {
    const auto suite = read_suite(std::string(NETTEST_SOURCE_DIR) + "/suites/" + name + ".yaml");
    ASSERT_TRUE(suite) << all_errors(suite.error());
    EXPECT_EQ(suite->name, name);
    EXPECT_TRUE(suite->warnings.empty());
    for (const auto& step : suite->cases.at(0).steps) {
      EXPECT_FALSE(step.description.empty()) << step.name;
      EXPECT_FALSE(step.expect.empty()) << step.name;
    }
  }
}

TEST(SuiteReader, ManyPodsAndManyCasesTakeLinearTime) {
  std::string text =
      "apiVersion: nettest/v1\nkind: Suite\nmetadata: {name: big}\nworld:\n  namespaces: [{name: "
      "x}]\n"
      "  pods:\n";
  constexpr int kPods = 20'000;
  for (int i = 0; i < kPods; ++i) {
    text += "    - {name: p" + std::to_string(i) + ", namespace: x, labels: {app: a" +
            std::to_string(i % 100) + "}, ports: [{port: 80}]}\n";
  }
  text += "cases:\n";
  for (int i = 0; i < 500; ++i) {
    const std::string pod = "x/p" + std::to_string(kPods - 1 - i);
    text += "  - {name: c" + std::to_string(i) + ", steps: [{name: s, label: [{pod: " + pod +
            ", set: {k: v}}], delete: [{pod: " + pod + "}], expect: [{allow: " + pod +
            " -> x/p7}]}]}\n";
  }
  // Processor time: a busy machine says nothing about the reader.
  const std::clock_t begin = std::clock();
  const auto suite = read_suite_text(text, "big.yaml", ".");
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  ASSERT_TRUE(suite) << all_errors(suite.error());
  EXPECT_EQ(suite->world.pods.size(), static_cast<std::size_t>(kPods));
  EXPECT_LT(seconds, 30.0) << "quadratic reading takes minutes";
}

}  // namespace
}  // namespace nettest
