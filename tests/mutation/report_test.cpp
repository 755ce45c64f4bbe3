// Scores and their texts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/mutation.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;

MutationReport small() {
  MutationReport report;
  report.suites = "small";
  report.nettest_version = "1.2.3";
  report.mutants = {
      {"ignore-except",
       "B1",
       Fate::killed,
       "small",
       "blocks",
       "one",
       "x/a -> x/b:80/TCP: allowed, must be blocked",
       "",
       ""},
      {"only-first-except", "B1", Fate::survived, "", "", "", "", "nobody | asks", "kind: Suite\n"},
      {"udp-is-tcp", "O3", Fate::not_exercised, "", "", "", "", "no step has it", ""},
      {"sctp-is-tcp", "O3", Fate::equivalent, "", "", "", "", "nobody can see it", ""}};
  return report;
}

TEST(MutationReport, CountsScoresByClassAndInAll) {
  const MutationReport report = small();
  EXPECT_EQ(score_of(report).text(), "1/2 50 %");
  EXPECT_EQ(exit_code(report), 1);
  const std::string text = render_mutation(report, {});
  EXPECT_THAT(text,
              HasSubstr("B1   ignore-except      killed         blocks / one: x/a -> x/b:80/TCP: "
                        "allowed, must be blocked\n"));
  EXPECT_THAT(text, HasSubstr("B1     1       1         0              0           1/2 50 %\n"));
  EXPECT_THAT(text, HasSubstr("O3     0       0         1              1           -\n"));
  EXPECT_THAT(text, HasSubstr("A suite that kills only-first-except:\n\n    kind: Suite\n"));
  EXPECT_THAT(
      text,
      HasSubstr("Detection score of small: 1/2 50 % (1 killed, 1 survived, 1 not exercised, "
                "1 equivalent)"));
  EXPECT_THAT(render_mutation_markdown(report),
              HasSubstr("| O3 | 0 | 0 | 1 | 1 | - |\n\n| class | fault"));
  EXPECT_THAT(render_mutation_json(report), HasSubstr("\"equivalent\": 1"));
  EXPECT_THAT(render_mutation_markdown(report), HasSubstr("| survived | nobody \\| asks |"));
  EXPECT_THAT(render_mutation_json(report), HasSubstr("\"fate\": \"not exercised\""));
}

TEST(MutationReport, NeverPassesWithoutAKillOrWithDoubt) {
  MutationReport report = small();
  report.mutants[1].fate = Fate::killed;
  EXPECT_EQ(exit_code(report), 0);
  report.mutants[1].fate = Fate::unclear;
  EXPECT_EQ(exit_code(report), 3);
  report.interrupted = true;
  EXPECT_EQ(exit_code(report), 130);
  report = {};
  EXPECT_EQ(exit_code(report), 3);
  EXPECT_EQ(score_of(report).text(), "-");
  Score nearly{999, 1, 0, 0, 0};
  EXPECT_EQ(nearly.text(), "999/1000 99 %");
}

}  // namespace
}  // namespace nettest
