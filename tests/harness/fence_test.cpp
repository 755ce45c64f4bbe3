// The fence: steps whose changes show nowhere, on engines that enforce later.
#include "harness/fence.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/interrupt.hpp"
#include "harness/preflight.hpp"
#include "harness/runner.hpp"
#include "tests/support/fake_engine.hpp"
#include "tests/support/small_suite.hpp"

namespace nettest {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::set<Client> kAgent = {Client::agent, Client::wget};

class Fence : public testing::Test {
 protected:
  void SetUp() override {
    clear_interrupt();
    engine.mutable_capabilities().synchronous = false;
  }
  void TearDown() override { clear_interrupt(); }

  SuiteResult run(const Suite& suite) { return run_suite(suite, engine, clock, {}, {}); }

  static Suite suite_of(std::vector<Step> steps) {
    Suite suite = small_suite();
    // The node of web hears in time: the other one is the late one.
    suite.world.pods[0].node = "n1";
    suite.world.pods[1].node = "n2";
    suite.world.pods[2].node = "n1";
    add_case(suite, "case", std::move(steps));
    return suite;
  }

  /// The second step applies what changes no prediction: testers may what they could.
  static Suite unseen_change() {
    NetworkPolicy again = only_testers();
    again.id.name = "testers-again";
    return suite_of(
        {step("testers", {apply_policy(only_testers())}), step("again", {apply_policy(again)})});
  }

  static int exit_code_of(const SuiteResult& result) {
    Report report;
    report.suites = {result};
    return exit_code(report);
  }

  FakeClock clock;
  FakeEngine engine{clock};
};

TEST_F(Fence, HasAPairOfPodsOnEachNode) {
  const World world = with_fence(small_suite().world, {"n1", "n2"});
  EXPECT_TRUE(has_fence(world));
  EXPECT_FALSE(has_fence(small_suite().world));
  const auto inquiries = fence_inquiries({world, {}}, kAgent);
  ASSERT_THAT(inquiries, SizeIs(2));
  EXPECT_EQ(fence_place(inquiries[1].probe, world), "node n2");
  EXPECT_EQ(find_pod(world, inquiries[1].probe.from)->node, "n2");
  EXPECT_EQ(find_pod(world, std::get<PodId>(inquiries[1].probe.to))->node, "n2");
  EXPECT_THAT(fence_inquiries({with_fence({}, {}), {}}, {Client::wget}), SizeIs(1));
}

TEST_F(Fence, TurnsToAndFro) {
  ClusterState state{with_fence({}, {"n1"}), {}};
  EXPECT_EQ(fence_inquiries(state, kAgent)[0].predicted, Verdict::allowed);
  ASSERT_TRUE(apply_change(state, turn_of_fence(state)));
  EXPECT_EQ(fence_inquiries(state, kAgent)[0].predicted, Verdict::blocked);
  ASSERT_TRUE(apply_change(state, turn_of_fence(state)));
  EXPECT_THAT(state.policies, IsEmpty());
}

TEST_F(Fence, IsNotThereWhereChangesAreEnforcedAtOnce) {
  engine.mutable_capabilities().synchronous = true;
  run(unseen_change());
  EXPECT_THAT(engine.log(), Each(Not(testing::AnyOf("probe 5", "probe 2"))));
  EXPECT_THAT(engine.log(), testing::Contains("probe 3"));
}

TEST_F(Fence, ShowsInNoReport) {
  const auto result = run(unseen_change());
  EXPECT_EQ(exit_code_of(result), 0);
  for (const auto& step : result.cases[0].steps) {
    EXPECT_THAT(step.comparisons, SizeIs(3));
    EXPECT_THAT(step.changes, SizeIs(1));
  }
  EXPECT_FALSE(engine.deployed());
}

TEST_F(Fence, IsTurnedTogetherWithTheChanges) {
  run(unseen_change());
  EXPECT_GE(std::count(engine.log().begin(), engine.log().end(), "apply 2"), 2);
}

TEST_F(Fence, WaitsForChangesThatNoProbeShows) {
  engine.faults().late_attempts = 3;
  const auto result = run(unseen_change());
  EXPECT_EQ(exit_code_of(result), 0);
  EXPECT_GE(result.cases[0].steps[1].rounds, 5) << "three stale rounds, one that is right, one "
                                                   "that confirms";
}

TEST_F(Fence, ANodeThatHasNotCaughtUpMakesUnturnedMatchesInconclusive) {
  engine.faults() = *fake_fault("late-node");
  const auto result = run(unseen_change());
  EXPECT_EQ(exit_code_of(result), 3);
  const auto& comparisons = result.cases[0].steps[1].comparisons;
  for (const auto& comparison : comparisons) {
    EXPECT_EQ(comparison.agreement, Agreement::inconclusive);
    EXPECT_THAT(
        comparison.why_inconclusive,
        testing::AllOf(HasSubstr("has not caught up"), HasSubstr("node n2"), Not(HasSubstr("n1"))));
  }
}

TEST_F(Fence, WhatWasSeenToTurnStaysAMatch) {
  engine.faults() = *fake_fault("late-node");
  const auto result = run(suite_of({step("deny", {apply_policy(deny_web())})}));
  const auto& comparisons = result.cases[0].steps[0].comparisons;
  EXPECT_EQ(std::count_if(comparisons.begin(),
                          comparisons.end(),
                          [](const auto& each) { return each.agreement == Agreement::match; }),
            2);
  EXPECT_EQ(count(result).inconclusive, 1U) << "web's own pair was allowed before";
}

TEST_F(Fence, AClusterThatEnforcesNothingIsNamedAndNothingElseIsRun) {
  engine.faults() = *fake_fault("ignores-everything");
  const auto result = run(unseen_change());
  ASSERT_TRUE(result.error);
  EXPECT_THAT(result.error->message, HasSubstr("this cluster does not enforce NetworkPolicy"));
  EXPECT_THAT(result.error->message, HasSubstr("flannel"));
  EXPECT_EQ(count(result).probes, 0U);
  EXPECT_EQ(result.cases[0].steps[0].skipped, kNotEnforced);
  EXPECT_EQ(exit_code_of(result), 3);
  EXPECT_FALSE(engine.deployed());
}

TEST_F(Fence, OneDirectionThatIsIgnoredIsFoundByTheCases) {
  engine.faults() = *fake_fault("ignores-ingress");
  const auto result = run(suite_of({step("deny", {apply_policy(deny_web())})}));
  EXPECT_FALSE(result.error);
  EXPECT_EQ(exit_code_of(result), 1);
}

}  // namespace
}  // namespace nettest
