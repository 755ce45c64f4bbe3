// Selectors, and the index that answers them for many, must agree.
#include "probes/simulator/selectors.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

using Op = SelectorOperator;

struct Row {
  const char* rule;
  LabelSelector selector;
  Labels labels;
  bool expected;
};

/// Each row a sentence of the documentation on labels and selectors.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"empty selects everything", {}, {}, true},
      {"matchLabels holds", {{{"app", "web"}}, {}}, {{"app", "web"}, {"x", "y"}}, true},
      {"matchLabels: other value", {{{"app", "web"}}, {}}, {{"app", "db"}}, false},
      {"matchLabels: missing key", {{{"app", "web"}}, {}}, {}, false},
      {"matchLabels: empty value is a value", {{{"app", ""}}, {}}, {}, false},
      {"matchLabels: empty value holds", {{{"app", ""}}, {}}, {{"app", ""}}, true},
      {"matchLabels are ANDed", {{{"a", "1"}, {"b", "2"}}, {}}, {{"a", "1"}}, false},
      {"In holds", {{}, {{"app", Op::in, {"a", "b"}}}}, {{"app", "b"}}, true},
      {"In: missing key", {{}, {{"app", Op::in, {"a"}}}}, {}, false},
      {"NotIn: listed value", {{}, {{"app", Op::not_in, {"a"}}}}, {{"app", "a"}}, false},
      {"NotIn: other value", {{}, {{"app", Op::not_in, {"a"}}}}, {{"app", "b"}}, true},
      {"NotIn holds for a missing key", {{}, {{"app", Op::not_in, {"a"}}}}, {}, true},
      {"Exists: any value", {{}, {{"app", Op::exists, {}}}}, {{"app", "q"}}, true},
      {"Exists: missing key", {{}, {{"app", Op::exists, {}}}}, {{"b", "q"}}, false},
      {"DoesNotExist: missing key", {{}, {{"app", Op::does_not_exist, {}}}}, {}, true},
      {"DoesNotExist: present", {{}, {{"app", Op::does_not_exist, {}}}}, {{"app", ""}}, false},
      {"labels AND expressions",
       {{{"app", "web"}}, {{"old", Op::does_not_exist, {}}}},
       {{"app", "web"}, {"old", "1"}},
       false},
      {"two expressions on one key",
       {{}, {{"app", Op::exists, {}}, {"app", Op::not_in, {"a"}}}},
       {{"app", "a"}},
       false},
  };
  return kRows;
}

TEST(Selectors, FollowTheDocumentation) {
  for (const auto& row : rows()) {
    EXPECT_EQ(selects(row.selector, row.labels), row.expected) << row.rule;
    EXPECT_EQ(why_not(row.selector, row.labels).has_value(), !row.expected) << row.rule;
  }
}

TEST(Selectors, IndexAnswersAsTheSelectorItself) {
  Vocabulary vocabulary;
  for (const auto& row : rows()) {
    vocabulary.add(row.selector);
  }
  LabelIndex index(vocabulary);
  for (std::uint32_t i = 0; i < rows().size(); ++i) {
    index.add(rows()[i].labels, GroupSet(1, &i));
  }
  for (const auto& row : rows()) {
    const GroupSet selected = index.select(row.selector);
    for (std::uint32_t i = 0; i < rows().size(); ++i) {
      EXPECT_EQ(selected.contains(i), selects(row.selector, rows()[i].labels))
          << to_string(row.selector) << " on the labels of: " << rows()[i].rule;
    }
  }
}

TEST(Selectors, SayWhatIsInTheWay) {
  const Labels db = {{"app", "db"}};
  EXPECT_EQ(why_not({{{"name", "notes"}}, {}}, db), "lacks label name=notes");
  EXPECT_EQ(why_not({{{"app", "web"}}, {}}, db), "has app=db, not app=web");
  EXPECT_EQ(why_not({{}, {{"app", Op::in, {"a", "b"}}}}, db), "has app=db, not app in (a,b)");
  EXPECT_EQ(why_not({{}, {{"app", Op::not_in, {"db"}}}}, db), "has app=db, which NotIn excludes");
  EXPECT_EQ(why_not({{}, {{"tier", Op::exists, {}}}}, db), "lacks label tier");
  EXPECT_EQ(why_not({{}, {{"app", Op::does_not_exist, {}}}}, db),
            "has label app, which DoesNotExist excludes");
}

TEST(Vocabulary, ProjectsToWhatSelectorsCanTellApart) {
  Vocabulary words;
  words.add({{{"app", "web"}}, {{"tier", Op::exists, {}}}});
  EXPECT_EQ(words.project({{"app", "x"}}), words.project({{"app", "y"}, {"other", "1"}}));
  EXPECT_NE(words.project({{"app", "x"}}), words.project({{"app", "web"}}));
  EXPECT_NE(words.project({{"app", "x"}}), words.project({}));
  EXPECT_EQ(words.project({{"tier", "1"}}), words.project({{"tier", "2"}}));
  EXPECT_NE(words.project({{"app", ""}}), words.project({{"app", "web"}}));
}

}  // namespace
}  // namespace nettest
