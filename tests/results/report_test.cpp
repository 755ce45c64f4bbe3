#include "results/report.hpp"

#include <gtest/gtest.h>

#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::attempts;
using test::judged;
using test::predicted;
using test::probe;

/// A report of one step with these comparisons.
Report report_of(std::vector<Comparison> comparisons) {
  StepResult step;
  step.comparisons = std::move(comparisons);
  CaseResult result;
  result.steps.push_back(std::move(step));
  SuiteResult suite;
  suite.cases.push_back(std::move(result));
  Report report;
  report.suites.push_back(std::move(suite));
  return report;
}

Comparison of(Verdict verdict, Signal signal) {
  return judged(probe("x/a", "x/b"), predicted(verdict), attempts({signal}));
}

const Comparison kMatch = of(Verdict::allowed, Signal::connected);
const Comparison kMismatch = of(Verdict::blocked, Signal::connected);
const Comparison kUnclear = of(Verdict::blocked, Signal::unusable);
const Comparison kEither = of(Verdict::either, Signal::connected);

TEST(Report, CountsEachProbeOnce) {
  auto report = report_of({kMatch, kMatch, kMismatch, kUnclear, kEither});
  report.suites[0].cases[0].steps[0].error = Error{ErrorKind::engine, "gone", {}};
  report.suites[0].error = Error{ErrorKind::engine, "gone", {}};
  report.suites[0].cases[0].steps.emplace_back().skipped = "not reached";
  const Counts counts = count(report);
  EXPECT_EQ(counts.probes, 5U);
  EXPECT_EQ(counts.matched, 2U);
  EXPECT_EQ(counts.mismatched, 1U);
  EXPECT_EQ(counts.inconclusive, 1U);
  EXPECT_EQ(counts.undefined, 1U);
  EXPECT_EQ(counts.attempts, 5U);
  EXPECT_EQ(counts.errors, 2U);
  EXPECT_EQ(counts.skipped, 1U);
  EXPECT_EQ(counts.probes,
            counts.matched + counts.mismatched + counts.inconclusive + counts.undefined);
}

Comparison known_mismatch() {
  Comparison comparison = kMismatch;
  comparison.known = "except is ignored";
  return comparison;
}

Comparison unasked() {
  Comparison comparison;
  comparison.why_skipped = "SCTP is not supported by this engine";
  return judge(std::move(comparison), {});
}

TEST(ExitCode, IsZeroForKnownDeviationsAndSkipsBesideAProof) {
  EXPECT_EQ(exit_code(report_of({kMatch, known_mismatch(), unasked()})), 0);
  EXPECT_EQ(exit_code(report_of({known_mismatch()})), 3) << "nothing is proved";
  EXPECT_EQ(exit_code(report_of({unasked()})), 3) << "nothing was probed";
  EXPECT_EQ(exit_code(report_of({kMatch, kMismatch, known_mismatch()})), 1);
}

TEST(ExitCode, IsOneForAKnownDeviationThatIsGone) {
  Report report = report_of({kMatch});
  report.stale_known = {"\"peers/*\": everything matches; remove it from the list"};
  EXPECT_EQ(exit_code(report), 1);
}

TEST(ExitCode, IsZeroOnlyWhenSomethingWasProvedAndNothingElseHappened) {
  EXPECT_EQ(exit_code(report_of({kMatch})), 0);
  EXPECT_EQ(exit_code(report_of({kMatch, kEither})), 0);
  EXPECT_EQ(exit_code(report_of({})), 3);
  EXPECT_EQ(exit_code(Report{}), 3);
  EXPECT_EQ(exit_code(report_of({kEither})), 3);
  EXPECT_EQ(exit_code(report_of({kMatch, kUnclear})), 3);
  EXPECT_EQ(exit_code(report_of({kMatch, kUnclear, kMismatch})), 1);
}

TEST(ExitCode, FollowsTheKindOfErrors) {
  const auto with = [](ErrorKind kind, Comparison comparison) {
    auto report = report_of({std::move(comparison)});
    report.suites[0].cases[0].steps[0].error = Error{kind, "x", {}};
    return exit_code(report);
  };
  EXPECT_EQ(with(ErrorKind::engine, kMatch), 3);
  EXPECT_EQ(with(ErrorKind::unsupported, kMatch), 3);
  EXPECT_EQ(with(ErrorKind::suite, kMatch), 2);
  EXPECT_EQ(with(ErrorKind::usage, kMatch), 2);
  EXPECT_EQ(with(ErrorKind::suite, kMismatch), 1);
  EXPECT_EQ(with(ErrorKind::interrupted, kMismatch), 130);
  auto interrupted = report_of({kMatch});
  interrupted.facts.interrupted = true;
  EXPECT_EQ(exit_code(interrupted), 130);
}

TEST(Latency, IsByNearestRank) {
  const auto with = [](int count) {
    std::vector<Comparison> comparisons;
    for (int i = count; i > 0; --i) {
      comparisons.push_back(kMatch);
      comparisons.back().enforcement_latency = std::chrono::milliseconds(i);
    }
    comparisons.push_back(kMismatch);
    return enforcement_latency(report_of(std::move(comparisons)));
  };
  EXPECT_EQ(with(0).count, 0U);
  EXPECT_EQ(with(1).p50, std::chrono::milliseconds(1));
  EXPECT_EQ(with(1).p99, std::chrono::milliseconds(1));
  EXPECT_EQ(with(4).p50, std::chrono::milliseconds(2));
  EXPECT_EQ(with(4).p95, std::chrono::milliseconds(4));
  EXPECT_EQ(with(100).count, 100U);
  EXPECT_EQ(with(100).p50, std::chrono::milliseconds(50));
  EXPECT_EQ(with(100).p95, std::chrono::milliseconds(95));
  EXPECT_EQ(with(101).p99, std::chrono::milliseconds(100));
}

}  // namespace
}  // namespace nettest
