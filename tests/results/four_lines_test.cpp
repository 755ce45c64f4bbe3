#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "results/comparison.hpp"
#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::attempt;
using test::attempts;
using test::judged;
using test::predicted;
using test::probe;

constexpr auto kYes = Signal::connected;
constexpr auto kNo = Signal::timed_out;

std::string line(const Comparison& comparison, std::size_t index) {
  return four_lines(comparison).at(index);
}

TEST(FourLines, SayWhatWasExpectedAndByWhom) {
  auto comparison =
      judged(probe("x/a", "y/b"), predicted(Verdict::allowed), attempts({kNo, kNo, kNo}));
  ASSERT_EQ(four_lines(comparison).size(), 4U);
  EXPECT_EQ(line(comparison, 0), "Expected:  allowed — x/a -> y/b:80/TCP (simulator)");
  comparison.expectation = R"(allow: "*/* -> *")";
  EXPECT_EQ(
      line(comparison, 0),
      R"(Expected:  allowed — x/a -> y/b:80/TCP (simulator, and the suite: allow: "*/* -> *"))");
}

TEST(FourLines, TellHowItWasBlocked) {
  const auto actual = [](std::initializer_list<Signal> signals) {
    return line(judged(probe("x/a", "y/b"), predicted(Verdict::allowed), attempts(signals)), 1);
  };
  EXPECT_EQ(actual({kNo, kNo, kNo}),
            "Actual:    blocked — timed_out after 1.00 s (3 attempts: timed_out ×3); without "
            "policies the path was open, before and after");
  EXPECT_EQ(actual({Signal::refused}),
            "Actual:    blocked — refused after 420 us; without policies the path was open, before "
            "and after");
  EXPECT_EQ(actual({kYes, kNo}),
            "Actual:    flapping: it was as expected and changed back; last blocked — timed_out "
            "after 1.00 s (2 attempts: connected, timed_out)");
}

TEST(FourLines, SayWhoAnswered) {
  auto leak = attempt(kYes);
  leak.answered_by = "y/b";
  const auto comparison = judged(probe("x/a", "y/b"), predicted(Verdict::blocked), {leak});
  EXPECT_EQ(line(comparison, 1), "Actual:    allowed — connected after 420 us, answered by y/b");
}

TEST(FourLines, SayWhyNothingIsKnown) {
  auto lost = attempt(Signal::unusable);
  lost.detail = "the agent of x/a went away";
  const auto comparison = judged(probe("x/a", "y/b"), predicted(Verdict::blocked), {lost});
  EXPECT_EQ(line(comparison, 1),
            "Actual:    not known: the probe could not be asked or its answer was lost: the agent "
            "of x/a went away");
  auto silent = comparison;
  silent.attempts = attempts({kNo, kNo});
  silent.controls.before = Control::not_open;
  EXPECT_EQ(
      line(judge(silent, test::at_ms(0)), 1),
      "Actual:    not known: being blocked proves nothing, because before the policies it did "
      "not connect either (is the server up, and the network in order?); seen: blocked — "
      "timed_out after 1.00 s (2 attempts: timed_out ×2)");
}

TEST(FourLines, AreSafeForATerminal) {
  auto hostile = attempt(Signal::http_denied);
  hostile.detail = "403\n\x1b[2Jbye\xff";
  auto comparison = judged(probe("x/a", "y/b"), predicted(Verdict::allowed), {hostile});
  comparison.reproduce = "nettest shell\tx";
  for (const auto& text : four_lines(comparison)) {
    EXPECT_EQ(text.find_first_of("\n\t\x1b\xff"), std::string::npos) << text;
  }
  EXPECT_EQ(line(comparison, 3), "Reproduce: nettest shell\\x09x");
}

}  // namespace
}  // namespace nettest
