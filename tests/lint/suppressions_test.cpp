#include "probes/lint/suppressions.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

TEST(Suppressions, SpeakOfTheirLine) {
  const Suppressions off(
      "a: 1  # nettest:disable=allow-all,service-port because of this\n"
      "b: 2\n");
  EXPECT_TRUE(off.covers(LintRule::allow_all, 1));
  EXPECT_TRUE(off.covers(LintRule::service_port, 1));
  EXPECT_FALSE(off.covers(LintRule::empty_list, 1));
  EXPECT_FALSE(off.covers(LintRule::allow_all, 2));
}

TEST(Suppressions, AloneSpeakOfTheNextLine) {
  const Suppressions off(
      "a: 1\n"
      "  # nettest:disable=allow-all\n"
      "  # more words\n"
      "\n"
      "  - {}\n"
      "  - {}\n");
  EXPECT_FALSE(off.covers(LintRule::allow_all, 1));
  EXPECT_TRUE(off.covers(LintRule::allow_all, 5));
  EXPECT_FALSE(off.covers(LintRule::allow_all, 6));
}

TEST(Suppressions, AtTheTopSpeakOfTheDocument) {
  const Suppressions off(
      "# nettest:disable=allow-all\r\n"
      "\r\n"
      "a: 1\r\n"
      "b: 1\r\n"
      "--- # another\r\n"
      "a: 1\r\n"
      "---\r\n"
      "# words\r\n"
      "#   nettest:disable=all\r\n"
      "a: 1\r\n");
  EXPECT_TRUE(off.covers(LintRule::allow_all, 4));
  EXPECT_FALSE(off.covers(LintRule::empty_list, 4));
  EXPECT_FALSE(off.covers(LintRule::allow_all, 6));
  for (const LintRuleInfo& info : lint_rules()) {
    EXPECT_TRUE(off.covers(info.rule, 10));
  }
}

TEST(Suppressions, AreNoneInsideOfTexts) {
  const Suppressions off(
      "a: 1\n"
      "b: x#nettest:disable=allow-all\n"
      "c: 2 # see nettest:disable=allow-all\n");
  EXPECT_FALSE(off.covers(LintRule::allow_all, 2));
  EXPECT_FALSE(off.covers(LintRule::allow_all, 3));
}

TEST(Suppressions, TellUnknownRules) {
  const Suppressions off("a: 1\nb: 2  # nettest:disable=alow-all,allow-all\n");
  ASSERT_EQ(off.unknown().size(), 1U);
  EXPECT_EQ(off.unknown()[0].line, 2);
  EXPECT_EQ(off.unknown()[0].id, "alow-all");
  EXPECT_TRUE(off.covers(LintRule::allow_all, 2));
}

}  // namespace
}  // namespace nettest
