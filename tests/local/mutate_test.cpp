// Mutation on real packets: what a suite catches, what it does not, and that nothing is blamed
// without a fault.
#include "harness/mutation/mutate.hpp"

#include <gtest/gtest.h>

#include "harness/cli/installed_engines.hpp"
#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/local/private_world.hpp"
#include "suites/suite_reader.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

constexpr const char* kSuite = R"(
apiVersion: nettest/v1
kind: Suite
metadata: {name: small}
world:
  namespaces: [{name: x}, {name: z}]
  pods:
    - {name: a, namespace: x, labels: {pod: a}, ports: [{port: 80}, {port: 80, protocol: UDP}]}
    - {name: b, namespace: x, labels: {pod: b}, ports: [{port: 80}]}
    - {name: b, namespace: z, labels: {pod: b}, ports: [{port: 80}]}
probes: [{from: "*/*", to: "x/a:80"}]
cases:
  - name: only b
    steps:
      - name: b of the namespace
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: to-a, namespace: x}
            spec:
              podSelector: {matchLabels: {pod: a}}
              ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 80}]}]
      - name: nobody
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: to-a, namespace: x}
            spec: {podSelector: {matchLabels: {pod: a}}}
)";

TEST(Mutate, DecidesFaultsOnRealPackets) {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  const auto suite = read_suite_text(kSuite, "small.yaml", ".");
  ASSERT_TRUE(suite) << to_string(suite.error().front());
  const auto faults = find_faults({"pod-peer-in-any-namespace",
                                   "rule-without-ports-lost",
                                   "protocol-ignored",
                                   "source-port-compared-at-ingress",
                                   "stale-after-update",
                                   "update-withdraws-policy",
                                   "ignore-except"});
  ASSERT_TRUE(faults);
  InstalledEngines engines;
  const auto report = mutate(
      {*suite},
      *faults,
      {[&] { return engines.make_faultable(); }, engines.clock(), [](const auto&, auto, auto) {}});
  ASSERT_TRUE(report) << to_string(report.error().front());
  const auto& mutants = report->mutants;
  EXPECT_EQ(mutants[0].fate, Fate::killed) << mutants[0].reason;
  EXPECT_EQ(mutants[0].cell, "z/b -> x/a:80/TCP: allowed, must be blocked");
  EXPECT_EQ(mutants[0].step_name, "b of the namespace");
  EXPECT_EQ(mutants[1].fate, Fate::not_applicable) << mutants[1].reason;
  EXPECT_EQ(mutants[2].fate, Fate::survived) << mutants[2].reason;
  EXPECT_EQ(mutants[2].reason, "would show at x/b -> x/a:80/UDP, which the suite does not ask");
  EXPECT_EQ(mutants[3].cell, "x/b -> x/a:80/TCP: blocked, must be allowed");
  EXPECT_EQ(mutants[4].cell, "x/b -> x/a:80/TCP: allowed, must be blocked");
  EXPECT_EQ(mutants[4].step_name, "nobody");
  EXPECT_EQ(mutants[5].fate, Fate::killed) << mutants[5].reason;
  EXPECT_EQ(mutants[6].fate, Fate::not_applicable);
  EXPECT_EQ(exit_code(*report), 1);
}

}  // namespace
}  // namespace nettest
