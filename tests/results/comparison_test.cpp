#include "results/comparison.hpp"

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::at_ms;
using test::attempt;
using test::attempts;
using test::judged;
using test::kOpen;
using test::predicted;
using test::probe;

constexpr std::array kAllSignals = {Signal::connected,
                                    Signal::refused,
                                    Signal::timed_out,
                                    Signal::unreachable,
                                    Signal::reset,
                                    Signal::dns_failed,
                                    Signal::wrong_backend,
                                    Signal::http_denied,
                                    Signal::unusable};
constexpr std::array kAllControls = {
    Control::open, Control::not_open, Control::not_done, Control::impossible};
constexpr std::array kAllPredictions = {std::pair(Verdict::allowed, Reason::open),
                                        std::pair(Verdict::allowed, Reason::rule),
                                        std::pair(Verdict::blocked, Reason::no_rule),
                                        std::pair(Verdict::blocked, Reason::dns),
                                        std::pair(Verdict::blocked, Reason::no_endpoint),
                                        std::pair(Verdict::either, Reason::undefined)};

/// Written from the documentation, not from the code: what one attempt must lead to.
Agreement wanted(const Prediction& prediction, Signal signal, const Controls& controls) {
  const bool seen_open = controls.before == Control::open || controls.after == Control::open;
  const bool seen_shut = controls.before == Control::not_open ||
                         controls.before == Control::not_done ||
                         controls.after == Control::not_open || controls.after == Control::not_done;
  if (signal == Signal::unusable || signal == Signal::wrong_backend) {
    return Agreement::inconclusive;
  }
  if (prediction.verdict == Verdict::either) {
    return Agreement::match;
  }
  const bool connected = signal == Signal::connected;
  if (prediction.verdict == Verdict::allowed) {
    const Agreement broken = seen_open ? Agreement::mismatch : Agreement::inconclusive;
    return connected ? Agreement::match : broken;
  }
  if (connected) {
    return Agreement::mismatch;
  }
  if (signal == Signal::dns_failed && prediction.reason == Reason::no_rule) {
    return Agreement::inconclusive;
  }
  if (prediction.reason == Reason::no_endpoint && !seen_open && !seen_shut) {
    const bool answered =
        signal == Signal::refused || signal == Signal::unreachable || signal == Signal::reset;
    return answered ? Agreement::match : Agreement::inconclusive;
  }
  return seen_open && !seen_shut ? Agreement::match : Agreement::inconclusive;
}

TEST(Judge, HoldsForTheWholeCrossProductOfPredictionSignalAndControls) {
  for (const auto& [verdict, reason] : kAllPredictions) {
    for (const Signal signal : kAllSignals) {
      for (const Control before : kAllControls) {
        for (const Control after : kAllControls) {
          Comparison comparison;
          comparison.probe = probe("x/a", "y/b");
          comparison.prediction = predicted(verdict, reason);
          comparison.attempts = {attempt(signal)};
          comparison.controls = {before, after};
          const Comparison result = judge(comparison, at_ms(0));
          SCOPED_TRACE(std::string(to_string(verdict)) + " (" + std::string(to_string(reason)) +
                       "), " + std::string(to_string(signal)) + ", before " +
                       std::string(to_string(before)) + ", after " + std::string(to_string(after)));
          EXPECT_EQ(result.agreement, wanted(comparison.prediction, signal, comparison.controls));
          EXPECT_EQ(result.why_inconclusive.empty(), result.agreement != Agreement::inconclusive)
              << result.why_inconclusive;
          EXPECT_FALSE(result.late);
          EXPECT_FALSE(result.flapping);
          const bool judged_match =
              result.agreement == Agreement::match && verdict != Verdict::either;
          EXPECT_EQ(result.enforcement_latency.has_value(), judged_match);
        }
      }
    }
  }
}

TEST(Judge, NeverTakesADeadEndForBlocked) {
  for (const Verdict verdict : {Verdict::allowed, Verdict::blocked, Verdict::either}) {
    const auto lost = judged(probe("x/a", "x/b"), predicted(verdict), attempts({Signal::unusable}));
    EXPECT_EQ(lost.agreement, Agreement::inconclusive);
    const auto never = judged(probe("x/a", "x/b"), predicted(verdict), {});
    EXPECT_EQ(never.agreement, Agreement::inconclusive);
    EXPECT_EQ(never.why_inconclusive, "it was not probed");
  }
}

TEST(Judge, SkipsWhatTheEngineCannotAsk) {
  Comparison comparison;
  comparison.why_skipped = "SCTP is not supported by this engine";
  EXPECT_EQ(judge(comparison, at_ms(0)).agreement, Agreement::skipped);
}

TEST(Judge, KeepsTheReasonOfWhoeverCouldNotAsk) {
  Comparison comparison;
  comparison.why_inconclusive = "SCTP is not supported by this engine";
  EXPECT_EQ(judge(comparison, at_ms(0)).why_inconclusive, "SCTP is not supported by this engine");
  comparison.attempts = {attempt(Signal::connected)};
  EXPECT_EQ(judge(comparison, at_ms(0)).why_inconclusive, "") << "stale once it was asked";
}

TEST(Judge, ForgetsAnEarlierJudgement) {
  auto comparison = judged(probe("x/a", "x/b"),
                           predicted(Verdict::blocked),
                           attempts({Signal::timed_out, Signal::connected, Signal::timed_out}));
  EXPECT_TRUE(comparison.flapping);
  comparison.attempts = attempts({Signal::timed_out});
  comparison = judge(comparison, at_ms(0));
  EXPECT_FALSE(comparison.flapping);
  EXPECT_EQ(comparison.agreement, Agreement::match);
}

struct History {
  std::string name;
  Verdict verdict;
  std::vector<Attempt> attempts;
  Agreement agreement;
  bool late;
  bool flapping;
  int latency_ms;  // -1: none
};

std::ostream& operator<<(std::ostream& out, const History& history) {
  return out << history.name;
}

constexpr auto kYes = Signal::connected;
constexpr auto kNo = Signal::timed_out;
constexpr auto kLost = Signal::unusable;
constexpr auto kMatch = Agreement::match;
constexpr auto kMismatch = Agreement::mismatch;
constexpr auto kUnclear = Agreement::inconclusive;
constexpr auto kAllowed = Verdict::allowed;
constexpr auto kBlocked = Verdict::blocked;

class JudgeHistory : public testing::TestWithParam<History> {};

TEST_P(JudgeHistory, TellsLateFlappingAndRightApart) {
  const auto& row = GetParam();
  const auto result = judged(probe("x/a", "y/b"), predicted(row.verdict), row.attempts);
  EXPECT_EQ(to_string(result.agreement), to_string(row.agreement)) << result.why_inconclusive;
  EXPECT_EQ(result.late, row.late);
  EXPECT_EQ(result.flapping, row.flapping);
  ASSERT_EQ(result.enforcement_latency.has_value(), row.latency_ms >= 0);
  if (row.latency_ms >= 0) {
    EXPECT_EQ(*result.enforcement_latency, std::chrono::milliseconds(row.latency_ms));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    JudgeHistory,
    testing::Values(
        History{"right at once", kBlocked, attempts({kNo, kNo}), kMatch, false, false, 0},
        History{"deny late", kBlocked, attempts({kYes, kYes, kNo, kNo}), kMatch, true, false, 200},
        History{"allow late", kAllowed, attempts({kNo, kYes, kYes}), kMatch, true, false, 100},
        History{"never", kBlocked, attempts({kYes, kYes}), kMismatch, false, false, -1},
        History{"leaks again", kBlocked, attempts({kNo, kYes, kNo}), kMismatch, false, true, -1},
        History{"leaks at last", kBlocked, attempts({kNo, kYes}), kMismatch, false, true, -1},
        History{"breaks", kAllowed, attempts({kYes, kNo, kYes}), kMismatch, false, true, -1},
        History{"rejects and drops are both blocked",
                kBlocked,
                attempts({Signal::refused, kNo}),
                kMatch,
                false,
                false,
                0},
        History{"lost first", kBlocked, attempts({kLost, kNo}), kMatch, false, false, 100},
        History{"lost last", kBlocked, attempts({kNo, kLost}), kUnclear, false, false, -1},
        History{"lost between", kAllowed, attempts({kYes, kLost, kYes}), kMatch, false, false, 0},
        History{"leaked, then lost",
                kBlocked,
                attempts({kNo, kYes, kLost}),
                kMismatch,
                false,
                true,
                -1},
        History{
            "late, then lost", kAllowed, attempts({kNo, kYes, kLost}), kUnclear, false, false, -1},
        History{
            "agent dies slowly", kAllowed, attempts({kYes, kNo, kLost}), kUnclear, false, true, -1},
        History{"slow under a short time-out",
                kAllowed,
                {attempt(kYes, 0, 250), attempt(kNo, 100, 250), attempt(kYes, 350, 1000)},
                kMatch,
                false,
                false,
                0},
        History{"silent twice is no slowness",
                kAllowed,
                {attempt(kYes, 0, 250),
                 attempt(kNo, 100, 250),
                 attempt(kNo, 350, 1000),
                 attempt(kYes, 1350, 2000)},
                kMismatch,
                false,
                true,
                -1},
        History{
            "refused is no slowness",
            kAllowed,
            {attempt(kYes, 0, 250), attempt(Signal::refused, 100, 250), attempt(kYes, 350, 1000)},
            kMismatch,
            false,
            true,
            -1},
        History{"a leak is no slowness",
                kBlocked,
                {attempt(kNo, 0, 250), attempt(kYes, 250, 1000), attempt(kNo, 350, 1000)},
                kMismatch,
                false,
                true,
                -1},
        History{"a DNS failure is no enforcement",
                kBlocked,
                {attempt(Signal::dns_failed), attempt(kYes, 100), attempt(kNo, 200)},
                kMatch,
                true,
                false,
                200}));

TEST(Judge, HasNoHistoryForEither) {
  const auto result =
      judged(probe("x/a", "x/a"), predicted(Verdict::either), attempts({kYes, kNo, kYes}));
  EXPECT_EQ(result.agreement, Agreement::match);
  EXPECT_FALSE(result.flapping);
  EXPECT_FALSE(result.enforcement_latency);
}

TEST(Judge, MeasuresFromTheEndOfTheChange) {
  Comparison comparison;
  comparison.prediction = predicted(Verdict::allowed);
  comparison.attempts = {attempt(kNo, 1000), attempt(kYes, 1700)};
  comparison.controls = kOpen;
  EXPECT_EQ(judge(comparison, at_ms(1500)).enforcement_latency, std::chrono::milliseconds(200));
  EXPECT_EQ(judge(comparison, at_ms(1900)).enforcement_latency, std::chrono::milliseconds(0))
      << "a clock that is asked late gives no negative latency";
}

}  // namespace
}  // namespace nettest
