// The catalogue judged by the simulator: every expectation was written by hand and must agree.
#include "harness/plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "suites/catalogue/catalogue.hpp"
#include "suites/selection.hpp"

namespace nettest {
namespace {

std::string text_of(const Errors& errors) {
  std::string text;
  for (const auto& error : errors) {
    text += to_string(error) + "\n";
  }
  return text;
}

TEST(CataloguePlan, AgreesWithWhatWasWrittenByHand) {
  const auto suite = builtin_suite("conformance");
  const auto checked = check_suite(*suite);
  EXPECT_TRUE(checked) << text_of(checked.error());
}

TEST(CataloguePlan, IsWrittenByHandForCasesOfEveryFamily) {
  const auto suite = builtin_suite("conformance");
  std::map<std::string_view, int> written;
  int all = 0;
  for (const auto& one : suite->cases) {
    const bool any = std::any_of(
        one.steps.begin(), one.steps.end(), [](const Step& step) { return !step.expect.empty(); });
    written[family_of(one)] += any ? 1 : 0;
    all += any ? 1 : 0;
  }
  EXPECT_GE(all, 60);
  for (const auto& one : count_families(*suite)) {
    EXPECT_GE(written[one.family], 1) << one.family;
  }
}

/// 122 steps of 486 cells, and the cells of the pods that three steps create.
TEST(CataloguePlan, AsksTheCellsThatCyclonusAsks) {
  std::vector<Suite> suites = {*builtin_suite("cyclonus")};
  ASSERT_TRUE(select_cases(suites, {{}, {}, "cyclonus"}).empty());
  std::size_t cells = 0;
  const auto planned = plan_each(
      suites[0], [&](const Case&, const PlannedStep& step) { cells += step.probes.size(); });
  ASSERT_TRUE(planned) << text_of(planned.error());
  EXPECT_EQ(cells, 59646U);
}

/// A round in which all is allowed, or all is blocked, would not show a rule that is too wide.
TEST(CataloguePlan, SmokeHasBothVerdictsInEveryCase) {
  const auto suite = builtin_suite("smoke");
  std::map<std::string, std::set<Verdict>> verdicts;
  const auto planned = plan_each(*suite, [&](const Case& one, const PlannedStep& step) {
    for (const auto& probe : step.probes) {
      verdicts[one.name].insert(probe.prediction.verdict);
    }
  });
  ASSERT_TRUE(planned) << text_of(planned.error());
  for (const auto& [name, both] : verdicts) {
    EXPECT_TRUE(both.contains(Verdict::allowed) && both.contains(Verdict::blocked)) << name;
  }
}

}  // namespace
}  // namespace nettest
