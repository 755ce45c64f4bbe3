#include "suites/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nettest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Suite suite_of(const std::string& name, std::vector<std::vector<std::string>> tags) {
  Suite suite;
  suite.name = name;
  for (auto& one : tags) {
    Case made;
    made.name = name + std::to_string(suite.cases.size());
    made.tags = std::move(one);
    suite.cases.push_back(std::move(made));
  }
  return suite;
}

std::vector<Suite> two_suites() {
  return {suite_of("a", {{"ingress"}, {"egress"}, {"ingress", "slow"}}), suite_of("b", {{}})};
}

std::vector<std::string> names_after(const Selection& selection) {
  auto suites = two_suites();
  EXPECT_THAT(select_cases(suites, selection), IsEmpty());
  std::vector<std::string> names;
  for (const auto& suite : suites) {
    for (const auto& one : suite.cases) {
      names.push_back(one.name);
    }
  }
  return names;
}

std::string error_of(const Selection& selection) {
  auto suites = two_suites();
  const auto errors = select_cases(suites, selection);
  return errors.empty() ? "" : errors.front().message;
}

TEST(Selection, ThatSaysNothingKeepsAll) {
  EXPECT_THAT(names_after({}), ElementsAre("a0", "a1", "a2", "b0"));
}

TEST(Selection, KeepsCasesWithAnyOfTheTags) {
  EXPECT_THAT(names_after({{"slow", "egress"}, {}, ""}), ElementsAre("a1", "a2"));
}

TEST(Selection, LeavesOutCasesWithAnyOfTheExcludedTags) {
  EXPECT_THAT(names_after({{}, {"slow", "egress"}, ""}), ElementsAre("a0", "b0"));
}

TEST(Selection, LeavesOutWhatIsBothChosenAndExcluded) {
  EXPECT_THAT(names_after({{"ingress"}, {"slow"}, ""}), ElementsAre("a0"));
}

TEST(Selection, NamesTheNearestTag) {
  EXPECT_EQ(error_of({{"ingres"}, {}, ""}),
            "--tag: no case has the tag \"ingres\", did you mean \"ingress\"? There is: egress, "
            "ingress, slow");
  EXPECT_EQ(error_of({{}, {"fast"}, ""}),
            "--exclude: no case has the tag \"fast\". There is: egress, ingress, slow");
}

TEST(Selection, RefusesToBeLikeAnythingElse) {
  EXPECT_THAT(error_of({{}, {}, "cyclonous"}), HasSubstr("did you mean \"cyclonus\"?"));
}

TEST(Selection, RefusesToLeaveNothing) {
  EXPECT_EQ(error_of({{"egress"}, {"egress"}, ""}),
            "--tag, --exclude and --like together leave no case");
  EXPECT_EQ(error_of({{}, {}, "cyclonus"}), "--tag, --exclude and --like together leave no case");
}

}  // namespace
}  // namespace nettest
