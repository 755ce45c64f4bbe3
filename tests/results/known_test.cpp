#include "results/known.hpp"

#include <gtest/gtest.h>

#include "results/merge.hpp"
#include "results/overview.hpp"
#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::attempts;
using test::judged;
using test::predicted;
using test::probe;

Comparison wrong(std::string_view from, std::string_view to, Port port = 80) {
  return judged(probe(from, to, port), predicted(Verdict::blocked), attempts({Signal::connected}));
}
Comparison right(std::string_view from, std::string_view to, Port port = 80) {
  return judged(probe(from, to, port), predicted(Verdict::allowed), attempts({Signal::connected}));
}

CaseResult case_of(std::string name, std::vector<Comparison> comparisons, std::size_t number = 1) {
  CaseResult result;
  result.name = std::move(name);
  result.number = number;
  result.steps.emplace_back().comparisons = std::move(comparisons);
  return result;
}

KnownDeviation deviation(std::string glob, std::vector<KnownCell> cells = {}) {
  return {std::move(glob), std::move(cells), "it is so", "https://example.org/1", {"k.yaml", 4, 5}};
}

Report report_of(std::vector<CaseResult> cases) {
  Report report;
  report.facts.configuration = "c";
  report.suites.emplace_back().chosen = cases.size();
  report.suites.back().name = "s";
  report.suites.back().cases = std::move(cases);
  return report;
}

TEST(Known, MarksMismatchesOfItsCasesOnly) {
  auto ours = case_of("peers/except", {wrong("x/a", "y/b"), right("x/a", "y/c")});
  mark_known({deviation("peers/*")}, ours);
  EXPECT_EQ(ours.steps[0].comparisons[0].known, "it is so (https://example.org/1)");
  EXPECT_EQ(ours.steps[0].comparisons[1].known, "");
  auto other = case_of("ports/80", {wrong("x/a", "y/b")});
  mark_known({deviation("peers/*")}, other);
  EXPECT_EQ(other.steps[0].comparisons[0].known, "");
}

TEST(Known, FitsOnlyTheCellsThatItLists) {
  const std::vector<KnownDeviation> list = {
      deviation("*", {{"x/*", "y/b", Port{81}, Protocol::tcp}})};
  auto result = case_of("c",
                        {wrong("x/a", "y/b", 81),
                         wrong("x/a", "y/b", 80),
                         wrong("z/a", "y/b", 81),
                         wrong("x/a", "y/c", 81)});
  mark_known(list, result);
  EXPECT_NE(result.steps[0].comparisons[0].known, "");
  for (const std::size_t i : {1U, 2U, 3U}) {
    EXPECT_EQ(result.steps[0].comparisons[i].known, "") << i;
  }
}

TEST(Known, TakesAMarkAwayThatTheListDoesNotGive) {
  auto result = case_of("c", {wrong("x/a", "y/b")});
  result.steps[0].comparisons[0].known = "an older list";
  mark_known({}, result);
  EXPECT_EQ(result.steps[0].comparisons[0].known, "");
}

TEST(Known, AnEntryThatDeviatesNoMoreIsStale) {
  const auto report = report_of({case_of("good", {right("x/a", "y/b")}),
                                 case_of("bad", {wrong("x/a", "y/b"), right("x/a", "y/c")})});
  const auto uses = known_uses({deviation("good"), deviation("bad"), deviation("none")}, report);
  const auto stale = stale_known(uses);
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0], "\"good\" (k.yaml:4:5: it is so) deviates no more: remove it from the list");
}

TEST(Known, AnEntryThatShowsOnlySometimesMarksAndIsNeverStale) {
  auto timing = deviation("?");
  timing.sometimes = true;
  auto bad = case_of("b", {wrong("x/a", "y/b")});
  mark_known({timing}, bad);
  EXPECT_NE(bad.steps[0].comparisons[0].known, "");
  const auto report = report_of({case_of("a", {right("x/a", "y/b")})});
  EXPECT_EQ(stale_known(known_uses({timing}, report)).size(), 0U);
}

/// Two shards of a run of three cases.
std::vector<NamedReport> two_shards() {
  NamedReport a{
      "a.json",
      report_of({case_of("1", {right("x/a", "y/b")}, 1), case_of("3", {wrong("x/a", "y/b")}, 3)})};
  NamedReport b{"b.json", report_of({case_of("2", {right("x/a", "y/b")}, 2)})};
  a.report.facts.shard = "1/2";
  b.report.facts.shard = "2/2";
  a.report.suites[0].chosen = b.report.suites[0].chosen = 3;
  return {a, b};
}

TEST(Merge, PutsTheCasesOfAllShardsInOrder) {
  const auto whole = merge_reports(two_shards());
  ASSERT_TRUE(whole) << whole.error().message;
  ASSERT_EQ(whole->suites[0].cases.size(), 3U);
  EXPECT_EQ(whole->suites[0].cases[1].name, "2");
  EXPECT_EQ(whole->facts.shard, "");
  EXPECT_EQ(exit_code(*whole), 1);
}

TEST(Merge, JudgesKnownDeviationsOverAllShards) {
  auto shards = two_shards();
  const std::vector<KnownDeviation> list = {deviation("?"), deviation("2")};
  for (auto& shard : shards) {
    shard.report.known_uses = known_uses(list, shard.report);
  }
  const auto whole = merge_reports(shards);
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->stale_known.size(), 1U);
  EXPECT_EQ(whole->stale_known[0].substr(0, 3), "\"2\"");
}

std::string refusal(std::vector<NamedReport> reports) {
  const auto merged = merge_reports(std::move(reports));
  return merged ? "" : merged.error().message;
}

TEST(Merge, RefusesWhatIsNotOneWholeRun) {
  auto missing = two_shards();
  missing[1].report.suites[0].cases.clear();
  EXPECT_NE(refusal(missing).find("1 case of suite \"s\" are in none"), std::string::npos)
      << refusal(missing);
  auto twice = two_shards();
  twice[1] = twice[0];
  EXPECT_NE(refusal(twice).find("is in two of the reports"), std::string::npos);
  auto other = two_shards();
  other[1].report.facts.configuration = "d";
  EXPECT_NE(refusal(other).find("a.json and b.json are not of one run"), std::string::npos);
  auto engine = two_shards();
  engine[1].report.facts.engine = "else";
  EXPECT_NE(refusal(engine).find("engines"), std::string::npos);
  auto whole_runs = two_shards();
  whole_runs[0].report.facts.shard = whole_runs[1].report.facts.shard = "";
  EXPECT_NE(refusal(whole_runs).find("no shards"), std::string::npos);
}

Report tagged() {
  std::vector<CaseResult> cases;
  for (std::size_t i = 0; i < 10; ++i) {
    const bool except = i < 3;
    cases.push_back(
        case_of("case " + std::to_string(i), {except ? wrong("x/a", "y/b") : right("x/a", "y/b")}));
    cases.back().tags = {"ingress"};
    if (except) {
      cases.back().tags.emplace_back("except");
      cases.back().detects = {"B1"};
    }
    cases.back().steps[0].name = "step";
    cases.back().steps[0].took = std::chrono::milliseconds(10 * static_cast<int>(i));
  }
  return report_of(std::move(cases));
}

TEST(Overview, CountsCasesByTag) {
  const auto rows = tag_table(tagged());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].tag, "except");
  EXPECT_EQ(rows[0].failed, 3U);
  EXPECT_EQ(rows[1].tag, "ingress");
  EXPECT_EQ(rows[1].failed, 3U);
  EXPECT_EQ(rows[1].passed, 7U);
}

TEST(Overview, NamesWhatTheFailuresShareAndTheOthersDoNot) {
  const auto shared = shared_by_failures(tagged(), 3);
  ASSERT_EQ(shared.size(), 2U) << "the tag that every case has tells nothing";
  EXPECT_EQ(shared[0].feature, "bug class B1 (except-ignored)");
  EXPECT_EQ(shared[1].feature, "tag except");
  EXPECT_EQ(shared[1].failing, 3U);
  EXPECT_EQ(shared[1].all_failing, 3U);
}

TEST(Overview, IsReadInASummary) {
  EXPECT_EQ(
      overview_text(tagged()),
      "Cases by tag  passed  failed  known  inconclusive  skipped\n"
      "  except           0       3      0             0        0\n"
      "  ingress          7       3      0             0        0\n"
      "Shared: all 3 failing cases share the bug class B1 (except-ignored) (3 cases have it)\n"
      "Shared: all 3 failing cases share the tag except (3 cases have it)\n"
      "Slowest steps\n"
      "     90 ms  case 9, step \"step\"\n"
      "     80 ms  case 8, step \"step\"\n"
      "     70 ms  case 7, step \"step\"\n"
      "     60 ms  case 6, step \"step\"\n"
      "     50 ms  case 5, step \"step\"\n");
}

TEST(Overview, SaysNothingOfAFewCases) {
  EXPECT_EQ(overview_text(report_of({case_of("1", {right("x/a", "y/b")})})), "");
}

}  // namespace
}  // namespace nettest
