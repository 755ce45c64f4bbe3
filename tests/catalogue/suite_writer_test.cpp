// What is written reads as the same suite.
#include "suites/suite_writer.hpp"

#include <gtest/gtest.h>

#include "suites/catalogue/catalogue.hpp"
#include "suites/suite_reader.hpp"
#include "suites/yaml_text.hpp"

namespace nettest {
namespace {

Suite read(const std::string& text) {
  const auto suite = read_suite_text(text, "written.yaml", ".");
  EXPECT_TRUE(suite) << (suite ? "" : to_string(suite.error().front())) << "\n" << text;
  return suite ? *suite : Suite{};
}

void expect_same_change(const Change& left, const Change& right, const std::string& where) {
  EXPECT_EQ(describe(left), describe(right)) << where;
  ASSERT_EQ(left.action.index(), right.action.index()) << where;
  if (const auto* apply = std::get_if<ApplyPolicy>(&left.action)) {
    EXPECT_TRUE(same_policy(apply->policy, std::get<ApplyPolicy>(right.action).policy)) << where;
  } else if (const auto* labels = std::get_if<SetPodLabels>(&left.action)) {
    EXPECT_EQ(labels->labels, std::get<SetPodLabels>(right.action).labels) << where;
  } else if (const auto* of_namespace = std::get_if<SetNamespaceLabels>(&left.action)) {
    EXPECT_EQ(of_namespace->labels, std::get<SetNamespaceLabels>(right.action).labels) << where;
  } else if (const auto* pod = std::get_if<CreatePod>(&left.action)) {
    const Pod& other = std::get<CreatePod>(right.action).pod;
    EXPECT_EQ(pod->pod.labels, other.labels) << where;
    EXPECT_EQ(pod->pod.ports.size(), other.ports.size()) << where;
    EXPECT_EQ(pod->pod.node, other.node) << where;
  }
}

void expect_same_step(const Step& left, const Step& right, const std::string& where) {
  EXPECT_EQ(left.name, right.name) << where;
  EXPECT_EQ(left.description, right.description) << where;
  ASSERT_EQ(left.changes.size(), right.changes.size()) << where;
  for (std::size_t i = 0; i < left.changes.size(); ++i) {
    expect_same_change(left.changes[i], right.changes[i], where);
  }
  EXPECT_EQ(left.probes.has_value(), right.probes.has_value()) << where;
  ASSERT_EQ(left.expect.size(), right.expect.size()) << where;
  for (std::size_t i = 0; i < left.expect.size(); ++i) {
    EXPECT_EQ(left.expect[i].written, right.expect[i].written) << where;
    EXPECT_EQ(left.expect[i].allow, right.expect[i].allow) << where;
    EXPECT_EQ(left.expect[i].port, right.expect[i].port) << where;
    EXPECT_EQ(left.expect[i].protocol, right.expect[i].protocol) << where;
  }
}

/// Reads what was written, compares, and writes it again: what is nowhere compared shows there.
void expect_round_trip(const Suite& suite) {
  const std::string text = write_suite(suite);
  const Suite again = read(text);
  EXPECT_EQ(again.name, suite.name);
  EXPECT_EQ(again.description, suite.description);
  ASSERT_EQ(again.cases.size(), suite.cases.size());
  for (std::size_t i = 0; i < suite.cases.size(); ++i) {
    const Case& left = suite.cases[i];
    const Case& right = again.cases[i];
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.description, right.description);
    EXPECT_EQ(left.tags, right.tags);
    EXPECT_EQ(left.needs, right.needs);
    EXPECT_EQ(left.detects, right.detects);
    ASSERT_EQ(left.steps.size(), right.steps.size()) << left.name;
    for (std::size_t j = 0; j < left.steps.size(); ++j) {
      expect_same_step(left.steps[j], right.steps[j], left.name + ": " + left.steps[j].name);
    }
  }
  EXPECT_EQ(write_suite(again), text);
}

TEST(SuiteWriter, WritesTheCatalogue) {
  expect_round_trip(*builtin_suite("conformance"));
}

class ShippedSuite : public testing::TestWithParam<const char*> {};

TEST_P(ShippedSuite, IsWrittenAsItReads) {
  const auto suite =
      read_suite(std::string(NETTEST_SOURCE_DIR) + "/suites/" + GetParam() + ".yaml");
  ASSERT_TRUE(suite) << to_string(suite.error().front());
  expect_round_trip(*suite);
}

INSTANTIATE_TEST_SUITE_P(Files,
                         ShippedSuite,
                         testing::Values("frontend-backend", "walkthrough-as-written"));

TEST(SuiteWriter, WritesEverythingThatASuiteMayHave) {
  expect_round_trip(read(R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: "a: b", description: "quotes \" and \\, a tab \t, é"}
world:
  namespaces: [{name: x, labels: {"a.b/c": "yes", "n": "1"}}, {name: "on"}]
  pods:
    - {name: a, namespace: x, ports: [{name: http, port: 80, serve: http}, {port: 53, protocol: UDP}], ips: [10.0.0.1, "fd00::1"], node: n1}
    - {name: h, namespace: "on", hostNetwork: true, image: "busybox:1", command: [sleep, "1", ""]}
  services:
    - {name: web, namespace: x, selector: {app: web}, families: [IPv6, IPv4], ports: [{name: one, port: 80, targetPort: http}, {name: two, port: 81, targetPort: 8081, protocol: SCTP}]}
    - {name: none, namespace: x, headless: true}
probes:
  - {matrix: {ports: [80], protocols: [TCP, UDP], by: [service-ip, service-name], families: [IPv4, IPv6]}}
  - {from: "*/*", to: "http://web.x", client: wget}
  - {from: "x/?", to: "svc:x/web:80", by: service-ip, families: [IPv6]}
cases:
  - name: "all: of it"
    description: d
    tags: [one, "two words"]
    needs: [services, ipv6]
    detects: [P1]
    steps:
      - name: s
        description: why
        create: [{namespace: {name: w}}, {pod: {name: p, namespace: w, labels: {k: v}}}, {service: {name: s, namespace: w, headless: true}}]
        label: [{pod: w/p, set: {a: b}, remove: [k]}, {namespace: x, remove: ["n"]}]
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, namespace: w, labels: {l: m}}
            spec:
              podSelector: {matchLabels: {a: b}, matchExpressions: [{key: z, operator: DoesNotExist}, {key: q, operator: NotIn, values: ["1", w]}]}
              policyTypes: [Egress]
              ingress: [{}]
              egress:
                - to: [{namespaceSelector: {}}, {podSelector: {}}, {ipBlock: {cidr: "$(ip x/a)/24", except: ["$(ip x/a)/32"]}}]
                  ports: [{}, {port: http}, {port: 80, endPort: 90, protocol: SCTP}]
        delete: [{service: w/s}, {policy: w/p}]
        probes: [{from: x/a, to: x/a:80}]
        expect: [{allow: "x/a -> x/a:80/TCP"}]
      - name: t
        delete: [{pod: w/p}, {namespace: w}]
)"));
}

TEST(YamlText, QuotesWhatSomeReaderTakesForSomethingElse) {
  EXPECT_EQ(yaml_string("serve-80-tcp"), "serve-80-tcp");
  EXPECT_EQ(yaml_string("x/a"), "x/a");
  for (const auto* text : {"", "y", "Yes", "off", "null", "80", "1e3", "a b", "a:b", "-", "*"}) {
    EXPECT_EQ(yaml_string(text), "\"" + std::string(text) + "\"");
  }
  EXPECT_EQ(yaml_string("a\n\"\\\x01"), "\"a\\n\\\"\\\\\\x01\"");
}

}  // namespace
}  // namespace nettest
