// A tester must be seen to catch: each fault of the fake engine, and what must
// come of it.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/interrupt.hpp"
#include "harness/runner.hpp"
#include "tests/support/fake_engine.hpp"
#include "tests/support/small_suite.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Suite suite_of_everything() {
  Suite suite = small_suite();
  suite.probes = {{MatrixSpec{}, {}}, by_wget()};
  add_case(suite,
           "ingress",
           {step("no policy"),
            step("deny", {apply_policy(deny_web())}),
            step("testers", {apply_policy(only_testers())})});
  add_case(suite, "egress", {step("deny", {apply_policy(deny_egress_of_notes())})});
  return suite;
}

class RunnerFaults : public testing::Test {
 protected:
  void SetUp() override { clear_interrupt(); }
  void TearDown() override { clear_interrupt(); }

  SuiteResult run(const FakeFaults& faults) {
    engine.faults() = faults;
    // Only where enforcement may come later does it pay to wait for it.
    engine.mutable_capabilities().synchronous =
        faults.late_attempts == 0 && faults.late_by == Duration::zero();
    const Suite suite = suite_of_everything();
    return run_suite(suite, engine, clock, {}, {});
  }
  SuiteResult run(std::string_view name) { return run(*fake_fault(name)); }

  static int exit_code_of(const SuiteResult& result) {
    Report report;
    report.suites = {result};
    report.facts.interrupted = interrupted();
    return exit_code(report);
  }

  FakeClock clock;
  FakeEngine engine{clock};
};

TEST_F(RunnerFaults, WithoutOneEverythingMatches) {
  const auto result = run(FakeFaults{});
  EXPECT_EQ(exit_code_of(result), 0);
  EXPECT_EQ(count(result).matched, count(result).probes);
}

struct Caught {
  std::string fault;
  int exit_code = 0;
  /// At least one of each that is true, none of each that is false.
  bool mismatch = false;
  bool inconclusive = false;
  bool error = false;
};

class Catches : public RunnerFaults, public testing::WithParamInterface<Caught> {};

TEST_P(Catches, TheFault) {
  const auto result = run(GetParam().fault);
  const Counts counts = count(result);
  EXPECT_EQ(counts.mismatched > 0, GetParam().mismatch) << counts.mismatched;
  EXPECT_EQ(counts.inconclusive > 0, GetParam().inconclusive) << counts.inconclusive;
  EXPECT_EQ(counts.errors > 0, GetParam().error);
  EXPECT_EQ(exit_code_of(result), GetParam().exit_code);
  EXPECT_EQ(engine.deployed(), GetParam().fault == "namespace-stuck");
}

INSTANTIATE_TEST_SUITE_P(Runner,
                         Catches,
                         testing::Values(Caught{"ignores-ingress", 1, true, false, false},
                                         Caught{"ignores-egress", 1, true, false, false},
                                         Caught{"ignores-everything", 1, true, false, false},
                                         Caught{"late-by-3-attempts", 0, false, false, false},
                                         Caught{"late-by-300ms", 0, false, false, false},
                                         Caught{"late-by-1h", 3, false, false, true},
                                         Caught{"flaps", 1, true, false, false},
                                         Caught{"exec-dies", 3, false, true, false},
                                         Caught{"exit-status-lost", 3, false, true, false},
                                         Caught{"pod-never-ready", 3, false, false, true},
                                         Caught{"namespace-stuck", 3, false, false, true},
                                         Caught{"dead-server", 3, false, true, false},
                                         Caught{"wrong-backend", 3, false, true, false},
                                         Caught{"deploy-fails", 3, false, false, true},
                                         Caught{"apply-fails", 3, false, true, true},
                                         Caught{"probe-fails", 3, false, false, true}),
                         [](const auto& row) {
                           std::string name = row.param.fault;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(RunnerFaults, LateAndFlappingAreToldApart) {
  bool late = false;
  const auto result = run("late-by-3-attempts");
  for (const auto& comparison : result.cases[0].steps[1].comparisons) {
    EXPECT_FALSE(comparison.flapping);
    late = late || comparison.late;
  }
  EXPECT_TRUE(late);
  bool flapping = false;
  FakeEngine other(clock, *fake_fault("flaps"));
  const Suite suite = suite_of_everything();
  const auto flaps = run_suite(suite, other, clock, {}, {});
  for (const auto& comparison : flaps.cases[0].steps[1].comparisons) {
    flapping = flapping || comparison.flapping;
  }
  EXPECT_TRUE(flapping);
}

TEST_F(RunnerFaults, ADeadServerMakesNothingPassAndNobodyWaitsForIt) {
  const auto start = clock.now();
  const auto result = run("dead-server");
  for (const auto& value : result.cases) {
    for (const auto& step : value.steps) {
      for (const auto& comparison : step.comparisons) {
        EXPECT_EQ(to_string(comparison.agreement), "inconclusive") << to_string(comparison.probe);
      }
    }
  }
  EXPECT_LT(clock.now() - start, std::chrono::seconds(20));
}

TEST_F(RunnerFaults, AnEngineErrorCostsItsCaseAndNotTheNext) {
  FakeFaults faults;
  faults.fails_at[EngineCall::apply] = 1;
  const auto result = run(faults);
  const auto& steps = result.cases[0].steps;
  EXPECT_FALSE(steps[0].error);
  ASSERT_TRUE(steps[1].error);
  EXPECT_EQ(steps[1].error->kind, ErrorKind::engine);
  EXPECT_THAT(steps[2].skipped, HasSubstr("\"deny\" failed"));
  EXPECT_EQ(count(result.cases[1]).matched, 5U);
  EXPECT_THAT(engine.log(), testing::Contains("deploy").Times(2));
}

TEST_F(RunnerFaults, AWorldThatCannotBeDeployedIsNotTriedForEveryCase) {
  const auto result = run("pod-never-ready");
  ASSERT_TRUE(result.error);
  EXPECT_THAT(result.error->message, HasSubstr("deploy the world: pod default/web is not ready"));
  ASSERT_THAT(result.cases, SizeIs(2));
  EXPECT_EQ(count(result).skipped, 4U);
  EXPECT_THAT(engine.log(), testing::Contains("deploy").Times(1));
}

TEST_F(RunnerFaults, AStuckRemovalIsToldAndChangesNoVerdict) {
  const auto result = run("namespace-stuck");
  ASSERT_TRUE(result.error);
  EXPECT_THAT(result.error->message, HasSubstr("remove the world: namespace default is still"));
  EXPECT_EQ(count(result).matched, count(result).probes);
}

struct Moment {
  std::string name;
  EngineCall call;
  int number;
  std::size_t finished_steps;
};

class Interrupted : public RunnerFaults, public testing::WithParamInterface<Moment> {};

TEST_P(Interrupted, EndsAtOnceCleansUpAndKeepsWhatWasDone) {
  FakeFaults faults;
  faults.interrupt_at = {GetParam().call, GetParam().number};
  const auto result = run(faults);
  EXPECT_FALSE(engine.deployed());
  EXPECT_EQ(exit_code_of(result), 130);
  EXPECT_EQ(engine.log().back(), "remove");
  ASSERT_THAT(result.cases, SizeIs(2));
  std::size_t finished = 0;
  for (const auto& value : result.cases) {
    for (const auto& step : value.steps) {
      finished += step.skipped.empty() && !step.error ? 1U : 0U;
    }
  }
  EXPECT_EQ(finished, GetParam().finished_steps);
  EXPECT_EQ(result.cases[1].steps[0].skipped, GetParam().finished_steps == 4 ? "" : "interrupted");
}

INSTANTIATE_TEST_SUITE_P(Runner,
                         Interrupted,
                         testing::Values(Moment{"deploy", EngineCall::deploy, 1, 0},
                                         Moment{"baseline", EngineCall::probe, 1, 0},
                                         Moment{"first_round", EngineCall::probe, 2, 0},
                                         Moment{"confirming_round", EngineCall::probe, 5, 1},
                                         Moment{"apply", EngineCall::apply, 2, 2},
                                         Moment{"delete_policies", EngineCall::apply, 3, 2},
                                         Moment{"control", EngineCall::probe, 8, 2},
                                         Moment{"remove", EngineCall::remove, 1, 4}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace nettest
