#include "harness/runner.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/interrupt.hpp"
#include "tests/support/fake_engine.hpp"
#include "tests/support/small_suite.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Runner : public testing::Test {
 protected:
  void SetUp() override { clear_interrupt(); }
  void TearDown() override { clear_interrupt(); }

  SuiteResult run(const Suite& suite) { return run_suite(suite, engine, clock, options, observer); }

  static Suite two_steps() {
    Suite suite = small_suite();
    add_case(suite,
             "deny, then open",
             {step("no policy"),
              step("deny", {apply_policy(deny_web())}),
              step("testers", {apply_policy(only_testers())})});
    return suite;
  }

  static int exit_code_of(const SuiteResult& result) {
    Report report;
    report.suites = {result};
    return exit_code(report);
  }

  FakeClock clock;
  FakeEngine engine{clock};
  RunOptions options;
  RunObserver observer;
};

TEST_F(Runner, RunsEveryStepAndRemovesTheWorld) {
  const auto result = run(two_steps());
  EXPECT_FALSE(result.error);
  ASSERT_THAT(result.cases, SizeIs(1));
  ASSERT_THAT(result.cases[0].steps, SizeIs(3));
  EXPECT_EQ(count(result).matched, 9U);
  EXPECT_EQ(exit_code_of(result), 0);
  EXPECT_FALSE(engine.deployed());
  EXPECT_EQ(result.cases[0].steps[1].name, "deny");
  EXPECT_THAT(result.cases[0].steps[1].changes, ElementsAre(HasSubstr("deny-web")));
  EXPECT_EQ(result.cases[0].steps[1].rounds, 2);
}

/// The pod is there neither before the first step nor after the last, and still a path to it that
/// is blocked must be believed.
TEST_F(Runner, ControlsThePathsOfAPodThatCameAndWent) {
  Suite suite = small_suite();
  Pod guest;
  guest.id = {"notes", "guest"};
  guest.labels = {{"app", "guest"}};
  add_case(suite,
           "a guest comes and goes",
           {step("come", {{CreatePod{guest}, {}}, apply_policy(deny_web())}),
            step("go", {{DeletePod{guest.id}, {}}})});
  const auto result = run(suite);
  const Counts counts = count(result);
  EXPECT_EQ(counts.inconclusive, 0U);
  EXPECT_EQ(counts.matched, 7U);
  EXPECT_EQ(exit_code_of(result), 0);
  EXPECT_FALSE(engine.deployed());
}

TEST_F(Runner, AsksForBaselineStepsAndControlInThatOrder) {
  run(two_steps());
  EXPECT_THAT(engine.log(),
              ElementsAre("deploy",
                          "probe 3",
                          "probe 3",
                          "probe 3",
                          "apply 1",
                          "probe 3",
                          "probe 3",
                          "apply 1",
                          "probe 3",
                          "probe 3",
                          "apply 2",
                          "probe 2",
                          "remove"));
}

TEST_F(Runner, ABlockedStepCostsTwoShortTimeoutsAndNoSleep) {
  const auto start = clock.now();
  run(two_steps());
  // One step with blocked probes: deny.  The other takes effect on notes/tester.
  EXPECT_LT(clock.now() - start, milliseconds(4 * 250 + 50));
}

TEST_F(Runner, ABlockIsOnlyBelievedWithControlsBeforeAndAfter) {
  const auto result = run(two_steps());
  for (const auto& comparison : result.cases[0].steps[1].comparisons) {
    if (comparison.prediction.verdict == Verdict::blocked) {
      EXPECT_EQ(comparison.controls.before, Control::open);
      EXPECT_EQ(comparison.controls.after, Control::open);
    }
  }
}

TEST_F(Runner, EnforcementLatencyIsMeasuredFromTheChange) {
  engine.faults().late_by = milliseconds(300);
  engine.mutable_capabilities().synchronous = false;
  const auto result = run(two_steps());
  const auto& deny = result.cases[0].steps[1];
  EXPECT_EQ(count(deny).mismatched, 0U);
  for (const auto& comparison : deny.comparisons) {
    if (comparison.prediction.verdict == Verdict::blocked) {
      EXPECT_TRUE(comparison.late);
      ASSERT_TRUE(comparison.enforcement_latency);
      EXPECT_GE(*comparison.enforcement_latency, milliseconds(300));
      EXPECT_LE(*comparison.enforcement_latency, milliseconds(700));
    } else {
      // The step did not turn it: it says nothing of the engine.
      EXPECT_FALSE(comparison.enforcement_latency);
    }
  }
}

TEST_F(Runner, TheControlAfterOneCaseIsTheControlBeforeTheNext) {
  Suite suite = small_suite();
  add_case(suite, "one", {step("deny", {apply_policy(deny_web())})});
  add_case(suite, "two", {step("deny", {apply_policy(deny_web())})});
  EXPECT_EQ(exit_code_of(run(suite)), 0);
  EXPECT_THAT(engine.log(),
              ElementsAre("deploy",
                          "probe 3",
                          "apply 1",
                          "probe 3",
                          "probe 3",
                          "apply 1",
                          "probe 2",
                          "apply 1",
                          "probe 3",
                          "probe 3",
                          "apply 1",
                          "probe 2",
                          "remove"));
}

TEST_F(Runner, EveryCaseStartsFromTheBareWorld) {
  Suite suite = small_suite();
  Pod extra;
  extra.id = {"notes", "extra"};
  extra.labels = {{"app", "tester"}};
  add_case(suite,
           "turn everything over",
           {step("create and label",
                 {{CreatePod{extra}, {}},
                  {SetPodLabels{{"default", "tester"}, {{"app", "other"}}}, {}},
                  {SetNamespaceLabels{"notes", {{"name", "other"}}}, {}},
                  apply_policy(only_testers())}),
            step("delete", {{DeletePod{{"notes", "tester"}}, {}}})});
  add_case(suite, "bare again", {step("no policy"), step("deny", {apply_policy(only_testers())})});
  const auto result = run(suite);
  EXPECT_EQ(exit_code_of(result), 0);
  ASSERT_THAT(result.cases, SizeIs(2));
  EXPECT_THAT(result.cases[0].steps[0].comparisons, SizeIs(4));
  EXPECT_THAT(result.cases[0].steps[1].comparisons, SizeIs(3));
  EXPECT_THAT(result.cases[1].steps[0].comparisons, SizeIs(3));
}

TEST_F(Runner, APodThatIsCreatedIsControlledAfterwards) {
  Suite suite = small_suite();
  Pod extra;
  extra.id = {"notes", "extra"};
  add_case(suite,
           "late comer",
           {step("deny", {apply_policy(deny_web())}), step("create", {{CreatePod{extra}, {}}})});
  const auto result = run(suite);
  const auto& comparisons = result.cases[0].steps[1].comparisons;
  const auto found = std::find_if(comparisons.begin(), comparisons.end(), [&](const auto& each) {
    return each.probe.from == extra.id;
  });
  ASSERT_NE(found, comparisons.end());
  EXPECT_EQ(found->controls.before, Control::impossible);
  EXPECT_EQ(found->controls.after, Control::open);
  EXPECT_EQ(found->agreement, Agreement::match);
}

TEST_F(Runner, APolicyMaySpeakOfTheAddressOfAPodThatItsStepCreates) {
  Suite suite = small_suite();
  Pod extra;
  extra.id = {"notes", "extra"};
  NetworkPolicy policy = deny_web();
  PolicyPeer peer;
  peer.ip_block = IpBlock{{"$(ip notes/extra)/32", std::nullopt, {}}, {}};
  PolicyRule rule;
  rule.peers = {peer};
  policy.ingress = {rule};
  add_case(suite, "by address", {step("both", {{CreatePod{extra}, {}}, apply_policy(policy)})});
  const auto result = run(suite);
  EXPECT_EQ(exit_code_of(result), 0);
  const auto& comparisons = result.cases[0].steps[0].comparisons;
  EXPECT_EQ(
      std::count_if(comparisons.begin(),
                    comparisons.end(),
                    [](const auto& each) { return each.prediction.verdict == Verdict::blocked; }),
      2);
}

TEST_F(Runner, WhatTheEngineCannotAskIsSkippedAndSaysSo) {
  Suite suite = small_suite();
  suite.world.pods[0].ports.push_back({"sctp", 81, Protocol::sctp, Serve::plain});
  add_case(suite, "sctp", {step("no policy")});
  const auto result = run(suite);
  EXPECT_EQ(count(result).inconclusive, 0U);
  EXPECT_EQ(count(result).unasked, 3U);
  EXPECT_EQ(exit_code_of(result), 0);
  const auto& last = result.cases[0].steps[0].comparisons.at(1);
  EXPECT_EQ(last.why_skipped, "SCTP is not supported by this engine");
  EXPECT_THAT(last.attempts, IsEmpty());
}

TEST_F(Runner, ACaseWhoseNeedsAreNotMetIsSkippedAndSaysWhy) {
  Suite suite = two_steps();
  add_case(suite, "one node", {step("no policy")});
  suite.cases[1].needs = {Need::services, Need::two_nodes};
  suite.cases[1].detects = {"I5"};
  engine.mutable_capabilities().nodes = {"n1"};
  const auto result = run(suite);
  EXPECT_EQ(result.cases[1].steps[0].skipped, "it needs two nodes, and there is one");
  EXPECT_THAT(result.cases[1].detects, ElementsAre("I5"));
  EXPECT_EQ(exit_code_of(result), 0);
}

TEST_F(Runner, ARunThatCanAskNothingIsNoPass) {
  Suite suite = small_suite();
  suite.world.pods[0].ports = {{"sctp", 81, Protocol::sctp, Serve::plain}};
  suite.world.services.clear();
  add_case(suite, "sctp", {step("no policy")});
  const auto result = run(suite);
  EXPECT_EQ(count(result).unasked, count(result).probes);
  EXPECT_EQ(exit_code_of(result), 3);
}

TEST_F(Runner, OnlyTheChosenCasesAreRun) {
  Suite suite = small_suite();
  for (const char* name : {"deny a", "deny b", "allow c"}) {
    add_case(suite, name, {step("deny", {apply_policy(deny_web())})});
  }
  options.cases = {"allow*", "*b"};
  const auto result = run(suite);
  ASSERT_THAT(result.cases, SizeIs(2));
  EXPECT_EQ(result.cases[0].name, "deny b");
  EXPECT_EQ(result.cases[1].name, "allow c");
}

TEST_F(Runner, TellsStepsInOrderOnceTheyAreJudged) {
  std::vector<std::string> told;
  observer.on_step = [&](const CaseResult& result, const StepResult& each) {
    told.push_back(result.name + "/" + each.name);
    EXPECT_EQ(count(each).matched, 3U);
  };
  run(two_steps());
  EXPECT_THAT(
      told,
      ElementsAre("deny, then open/no policy", "deny, then open/deny", "deny, then open/testers"));
}

TEST_F(Runner, AKeptWorldStandsAsInTheFirstStepThatWentWrong) {
  options.keep = true;
  engine.faults().enforcement.ingress = false;
  std::string kept;
  observer.on_kept = [&](const CaseResult&, const StepResult& each) { kept = each.name; };
  run(two_steps());
  EXPECT_EQ(kept, "deny");
  EXPECT_TRUE(engine.deployed());
  ASSERT_THAT(engine.state().policies, SizeIs(1));
  EXPECT_EQ(engine.state().policies[0].id.name, "deny-web");
}

TEST_F(Runner, AKeptWorldWithoutTroubleStandsAsInTheLastStep) {
  options.keep = true;
  run(two_steps());
  EXPECT_THAT(engine.state().policies, SizeIs(2));
}

TEST_F(Runner, AddressesOfTheSuiteThatAreIgnoredAreNamed) {
  Suite suite = two_steps();
  suite.world.pods[0].ips = {*IpAddress::parse("192.0.2.1")};
  EXPECT_THAT(run(suite).warnings, ElementsAre(HasSubstr("default/web")));
}

TEST_F(Runner, AContradictedExpectationEndsTheCaseWithoutAVerdict) {
  Suite suite = two_steps();
  suite.cases[0].steps[1].expect = {{true, "*/*", "*", {}, {}, "allow: \"*/* -> *\"", {}}};
  const auto result = run(suite);
  const auto& steps = result.cases[0].steps;
  ASSERT_TRUE(steps[1].error);
  EXPECT_EQ(steps[1].error->kind, ErrorKind::suite);
  EXPECT_THAT(steps[2].skipped, HasSubstr("\"deny\" failed"));
  EXPECT_EQ(exit_code_of(result), 2);
}

}  // namespace
}  // namespace nettest
