// The catalogue as a value: how many cases, what they say of themselves, what they are called.
#include "suites/catalogue/catalogue.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/bug_class.hpp"
#include "suites/catalogue/smoke.hpp"
#include "suites/selection.hpp"

namespace nettest {
namespace {

using testing::ElementsAre;
using testing::Pair;

const Suite& conformance() {
  static const Suite suite = *builtin_suite("conformance");
  return suite;
}

std::vector<std::pair<std::string, std::size_t>> cases_of(const Suite& suite) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const auto& one : count_families(suite)) {
    counts.emplace_back(one.family, one.cases);
  }
  return counts;
}

std::size_t steps_of(const Suite& suite) {
  std::size_t steps = 0;
  for (const auto& one : suite.cases) {
    steps += one.steps.size();
  }
  return steps;
}

TEST(Catalogue, HasAllThatCyclonusHas) {
  const auto suite = builtin_suite("cyclonus");
  ASSERT_TRUE(suite);
  EXPECT_THAT(cases_of(*suite),
              ElementsAre(Pair("target", 6),
                          Pair("rules", 4),
                          Pair("peers", 112),
                          Pair("ports-protocols", 70),
                          Pair("example", 1),
                          Pair("actions", 6),
                          Pair("conflicts", 16),
                          Pair("namespaces", 2),
                          Pair("upstream-e2e", 13)));
  EXPECT_EQ(suite->cases.size(), 230U);
  EXPECT_EQ(steps_of(*suite), 256U);
}

TEST(Catalogue, LeavesOutWhatCyclonusLeavesOutByItself) {
  std::vector<Suite> suites = {conformance()};
  EXPECT_TRUE(select_cases(suites, {{}, {}, "cyclonus"}).empty());
  ASSERT_EQ(suites.size(), 1U);
  EXPECT_EQ(suites[0].cases.size(), 112U);
  EXPECT_EQ(steps_of(suites[0]), 122U);
}

TEST(Catalogue, HasAllThatTheKubernetesSuiteHas) {
  const auto suite = builtin_suite("upstream-e2e");
  ASSERT_TRUE(suite);
  EXPECT_EQ(suite->cases.size(), 48U);
  const auto sctp = std::count_if(
      suite->cases.begin(), suite->cases.end(), [](const Case& one) { return !one.needs.empty(); });
  EXPECT_EQ(sctp, 3);
}

TEST(Catalogue, NamesItsSuites) {
  EXPECT_THAT(builtin_names(), ElementsAre("conformance", "cyclonus", "upstream-e2e", "smoke"));
  EXPECT_FALSE(builtin_suite("conformanc"));
}

TEST(Catalogue, SmokeIsMadeOfCasesThatThereAre) {
  const auto smoke = builtin_suite("smoke");
  ASSERT_TRUE(smoke);
  EXPECT_EQ(smoke->cases.size(), catalogue::smoke_names().size());
}

TEST(Catalogue, CasesHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const auto& one : conformance().cases) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(one.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-+,/"),
              std::string::npos)
        << one.name;
    std::set<std::string> steps;
    for (const auto& step : one.steps) {
      EXPECT_TRUE(steps.insert(step.name).second) << one.name << ": " << step.name;
    }
  }
}

TEST(Catalogue, CasesSayWhyTheyAreThereAndWhatTheyDetect) {
  for (const auto& one : conformance().cases) {
    EXPECT_FALSE(one.description.empty()) << one.name;
    EXPECT_FALSE(one.tags.empty()) << one.name;
    EXPECT_FALSE(one.detects.empty() && one.name.find(',') == std::string::npos) << one.name;
    for (const auto& code : one.detects) {
      EXPECT_NE(find_bug_class(code), nullptr) << one.name << ": " << code;
    }
  }
}

/// What no probe between pods can show, or what only an agent's restart or an admin policy does.
const std::set<std::string_view> kOutOfReach = {
    "P7", "N3", "H1", "H2", "S1", "S3", "D6", "D8", "A1", "A2"};

TEST(Catalogue, DetectsEveryClassThatProbesBetweenPodsCanDetect) {
  std::set<std::string> detected;
  for (const auto& one : conformance().cases) {
    detected.insert(one.detects.begin(), one.detects.end());
  }
  for (const auto& one : bug_classes()) {
    EXPECT_TRUE(detected.contains(std::string(one.code)) || kOutOfReach.contains(one.code))
        << one.code;
  }
}

}  // namespace
}  // namespace nettest
