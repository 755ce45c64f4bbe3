// The reading of rulesets without a kernel, against the simulator, and what faults change in it.
#include "harness/mutation/forecast.hpp"

#include <gtest/gtest.h>

#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {
namespace {

Capabilities everything() {
  Capabilities capabilities;
  capabilities.protocols = {Protocol::tcp, Protocol::udp, Protocol::sctp};
  capabilities.families = {IpFamily::ipv4, IpFamily::ipv6};
  capabilities.clients = {Client::agent, Client::wget};
  return capabilities;
}

Suite shipped(const std::string& name) {
  const auto suite = read_suite(std::string(NETTEST_SOURCE_DIR) + "/suites/" + name);
  EXPECT_TRUE(suite) << to_string(suite.error().front());
  return suite ? *suite : Suite();
}

/// Something of every kind that rules can hold.
constexpr const char* kSuite = R"(
apiVersion: nettest/v1
kind: Suite
metadata: {name: kinds}
world:
  namespaces: [{name: x, labels: {ns: x}}, {name: z, labels: {ns: z}}]
  pods:
    - {name: a, namespace: x, labels: {pod: a}, ports: [{name: web, port: 80}, {port: 81}, {port: 80, protocol: UDP}]}
    - {name: b, namespace: x, labels: {pod: b}, ports: [{name: web, port: 81}, {port: 80, protocol: UDP}]}
    - {name: a, namespace: z, labels: {pod: a}, ports: [{name: web, port: 80}, {port: 81}]}
    - {name: b, namespace: z, labels: {pod: b}, ports: [{port: 80}]}
  services:
    - {name: web, namespace: x, selector: {pod: a}, ports: [{port: 8080, targetPort: web}]}
probes:
  - matrix: {by: [pod-ip, service-ip, service-name]}
  - matrix: {families: [IPv6]}
cases:
  - name: peers and ports
    steps:
      - name: all at once
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: mixed, namespace: x}
            spec:
              podSelector: {}
              policyTypes: [Ingress, Egress]
              ingress:
                - from: [{namespaceSelector: {matchLabels: {ns: z}}, podSelector: {matchLabels: {pod: a}}}]
                  ports: [{port: web}]
                - from: [{ipBlock: {cidr: 10.244.0.0/16, except: [$(ip z/b)/32]}}]
                  ports: [{port: 80, protocol: UDP}, {port: 81, endPort: 90}]
              egress:
                - to: [{podSelector: {}}, {ipBlock: {cidr: "::/0"}}]
                  ports: [{port: web}, {protocol: UDP}]
                - ports: [{port: 53, protocol: UDP}]
)";

void expect_as_simulated(const Suite& suite) {
  const auto rehearsal = Rehearsal::of(suite, everything());
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error().front());
  std::size_t judged = 0;
  for (const StagedCase& staged : rehearsal->cases()) {
    for (const StagedStep& step : staged.steps) {
      const Forecast forecast(step.plan.state, step.addresses, step.right());
      for (const PlannedProbe& probe : step.plan.probes) {
        if (probe.prediction.verdict != Verdict::either) {
          EXPECT_EQ(forecast.connects(probe.probe), probe.prediction.verdict == Verdict::allowed)
              << step.plan.step->name << ": " << to_string(probe.probe) << ": "
              << explain(probe.prediction);
          ++judged;
        }
      }
    }
  }
  EXPECT_GT(judged, 50U);
}

TEST(Forecast, AgreesWithTheSimulatorOnTheShippedSuite) {
  expect_as_simulated(shipped("frontend-backend.yaml"));
}

Suite kinds() {
  const auto suite = read_suite_text(kSuite, "kinds.yaml", ".");
  EXPECT_TRUE(suite) << to_string(suite.error().front());
  return suite ? *suite : Suite();
}

TEST(Forecast, AgreesWithTheSimulatorOnEveryKindOfRule) {
  expect_as_simulated(kinds());
}

const Fault& fault(const std::string& name) {
  return *find_faults({name})->front();
}

TEST(Rehearsal, TellsWhatAFaultWouldChange) {
  const Suite suite = kinds();
  const auto rehearsal = Rehearsal::of(suite, everything());
  ASSERT_TRUE(rehearsal);
  const auto shown = rehearsal->rehearse(fault("ignore-except"));
  ASSERT_EQ(shown.trace, Trace::shown);
  EXPECT_EQ(to_string(shown.showings.front().probes.front().probe.from), "z/b");
  EXPECT_EQ(rehearsal->rehearse(fault("zero-block-lost")).trace, Trace::shown);
  EXPECT_EQ(rehearsal->rehearse(fault("stale-after-update")).trace, Trace::none);
  EXPECT_EQ(rehearsal->rehearse(fault("hairpin-policed")).trace, Trace::undefined);
  EXPECT_EQ(rehearsal->rehearse(fault("more-than-40-ports-lost")).trace, Trace::none);
}

/// A pod that comes with its policy is made before it, and one that comes later is not.
constexpr const char* kNewPods = R"(
apiVersion: nettest/v1
kind: Suite
metadata: {name: new-pods}
world:
  namespaces: [{name: x}]
  pods: [{name: a, namespace: x, ports: [{port: 80}]}]
cases:
  - name: pods
    steps:
      - name: together
        create: [{pod: {name: b, namespace: x, ports: [{port: 80}]}}]
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: shut, namespace: x}
            spec: {podSelector: {}}
      - name: later
        create: [{pod: {name: c, namespace: x, ports: [{port: 80}]}}]
)";

TEST(Rehearsal, FollowsTheEngineThroughTheStatesWithinAStep) {
  const auto suite = read_suite_text(kNewPods, "new-pods.yaml", ".");
  ASSERT_TRUE(suite) << to_string(suite.error().front());
  const auto rehearsal = Rehearsal::of(*suite, everything());
  ASSERT_TRUE(rehearsal);
  const auto found = rehearsal->rehearse(fault("new-pod-open"));
  ASSERT_EQ(found.showings.size(), 1U);
  EXPECT_EQ(found.showings.front().step_index, 1U);
}

TEST(Rehearsal, LeavesOutCasesThatTheEngineCannotRun) {
  Suite suite = kinds();
  suite.cases.front().needs = {Need::two_nodes};
  Capabilities capabilities = everything();
  capabilities.nodes = {"n1"};
  EXPECT_TRUE(Rehearsal::of(suite, capabilities)->cases().empty());
  capabilities.nodes.emplace_back("n2");
  EXPECT_EQ(Rehearsal::of(suite, capabilities)->cases().size(), 1U);
}

TEST(Rehearsal, TellsWhatNobodyAsks) {
  Suite suite = kinds();
  suite.probes = {{PairSpec{"z/a", "x/a:80", Client::agent, std::nullopt, {IpFamily::ipv4}}, {}}};
  const auto rehearsal = Rehearsal::of(suite, everything());
  ASSERT_TRUE(rehearsal);
  const auto found = rehearsal->rehearse(fault("ignore-except"));
  EXPECT_EQ(found.trace, Trace::unasked);
  EXPECT_EQ(found.unasked.substr(0, 3), "z/b");
}

}  // namespace
}  // namespace nettest
