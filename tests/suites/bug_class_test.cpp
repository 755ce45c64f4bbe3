#include "suites/bug_class.hpp"

#include <set>

#include <gtest/gtest.h>

namespace nettest {
namespace {

TEST(BugClasses, HaveCodesAndNamesOfTheirOwn) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (const auto& one : bug_classes()) {
    EXPECT_TRUE(codes.insert(one.code).second) << one.code;
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(find_bug_class(one.code), &one);
    EXPECT_FALSE(one.meaning.empty());
  }
  EXPECT_EQ(codes.size(), 44U);
}

TEST(BugClasses, ThatAreUnknownAreNotFound) {
  EXPECT_EQ(find_bug_class("P8"), nullptr);
  EXPECT_EQ(find_bug_class("p1"), nullptr);
}

}  // namespace
}  // namespace nettest
