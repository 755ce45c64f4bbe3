// Mutation on real packets: what a suite catches, what it does not, and that nothing is blamed
// without a fault.
#include "harness/mutation/mutate.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

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

Checked<MutationReport> mutate_small(const std::vector<std::string>& faults, int jobs) {
  const auto suite = read_suite_text(kSuite, "small.yaml", ".");
  if (!suite) {
    return tl::unexpected(suite.error());
  }
  InstalledEngines engines;
  return mutate({*suite},
                *find_faults(faults),
                {[&](int lane) { return engines.make_faultable(lane); },
                 engines.clock(),
                 jobs,
                 [](const auto&, auto, auto) {}});
}

const std::vector<std::string> kFaults = {"pod-peer-in-any-namespace",
                                          "rule-without-ports-lost",
                                          "protocol-ignored",
                                          "source-port-compared-at-ingress",
                                          "stale-after-update",
                                          "update-withdraws-policy",
                                          "ignore-except"};

TEST(Mutate, DecidesFaultsOnRealPackets) {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  const auto report = mutate_small(kFaults, 1);
  ASSERT_TRUE(report) << to_string(report.error().front());
  const auto& mutants = report->mutants;
  EXPECT_EQ(mutants[0].fate, Fate::killed) << mutants[0].reason;
  EXPECT_EQ(mutants[0].cell, "z/b -> x/a:80/TCP: allowed, must be blocked");
  EXPECT_EQ(mutants[0].step_name, "b of the namespace");
  EXPECT_EQ(mutants[1].fate, Fate::not_exercised) << mutants[1].reason;
  EXPECT_EQ(mutants[2].fate, Fate::survived) << mutants[2].reason;
  EXPECT_EQ(mutants[2].reason, "would show at x/b -> x/a:80/UDP, which the suite does not ask");
  EXPECT_EQ(mutants[3].cell, "x/b -> x/a:80/TCP: blocked, must be allowed");
  EXPECT_EQ(mutants[4].cell, "x/b -> x/a:80/TCP: allowed, must be blocked");
  EXPECT_EQ(mutants[4].step_name, "nobody");
  EXPECT_EQ(mutants[5].fate, Fate::killed) << mutants[5].reason;
  EXPECT_EQ(mutants[6].fate, Fate::not_exercised);
  EXPECT_EQ(mutants[6].reason,
            "no step of the suite has anything that it could get wrong; "
            "\"peers/ingress/ip-block-except\" of the catalogue shows it");
  EXPECT_EQ(exit_code(*report), 1);
}

TEST(Mutate, ScoresTheSameTwiceAndWithAnyNumberOfJobs) {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  const auto text = [](int jobs) {
    const auto report = mutate_small(kFaults, jobs);
    return report ? render_mutation_json(*report) : to_string(report.error().front());
  };
  const std::string once = text(1);
  EXPECT_EQ(text(1), once);
  EXPECT_EQ(text(3), once);
}

/// An engine that is wrong even when it is told to be right.
class NeverRight final : public FaultableEngine {
 public:
  explicit NeverRight(std::unique_ptr<FaultableEngine> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] Engine& engine() override { return inner_->engine(); }
  void commit(const Fault* fault) override {
    inner_->commit(fault == nullptr ? find_faults({"no-enforcement"})->front() : fault);
  }

 private:
  std::unique_ptr<FaultableEngine> inner_;
};

TEST(Mutate, BlamesNoFaultForWhatIsWrongWithoutIt) {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  const auto suite = read_suite_text(kSuite, "small.yaml", ".");
  ASSERT_TRUE(suite);
  InstalledEngines engines;
  const auto report =
      mutate({*suite},
             *find_faults({"pod-peer-in-any-namespace", "stale-after-update"}),
             {[&](int lane) -> Result<std::unique_ptr<FaultableEngine>> {
                return std::make_unique<NeverRight>(std::move(*engines.make_faultable(lane)));
              },
              engines.clock(),
              1,
              [](const auto&, auto, auto) {}});
  ASSERT_TRUE(report);
  for (const Mutant& mutant : report->mutants) {
    EXPECT_EQ(mutant.fate, Fate::unclear) << mutant.fault;
    EXPECT_NE(mutant.reason.find("without any fault"), std::string::npos) << mutant.reason;
  }
  EXPECT_EQ(exit_code(*report), 3);
}

TEST(Mutate, TellsOfALaneThatDies) {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  const auto suite = read_suite_text(kSuite, "small.yaml", ".");
  ASSERT_TRUE(suite);
  InstalledEngines engines;
  const auto report = mutate({*suite},
                             *find_faults({"pod-peer-in-any-namespace", "stale-after-update"}),
                             {[&](int lane) {
                                if (lane == 1) {
                                  std::abort();
                                }
                                return engines.make_faultable(lane);
                              },
                              engines.clock(),
                              2,
                              [](const auto&, auto, auto) {}});
  ASSERT_TRUE(report);
  const Score score = score_of(*report);
  EXPECT_EQ(score.unclear, 1U);
  EXPECT_EQ(score.killed, 1U);
  EXPECT_EQ(exit_code(*report), 3);
}

}  // namespace
}  // namespace nettest
