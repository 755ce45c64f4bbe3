#include "base/text.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

using namespace std::string_literals;

TEST(Utf8, AcceptsEveryWellFormedLength) {
  EXPECT_FALSE(first_invalid_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_FALSE(first_invalid_utf8("\x00\x7F"s));
  EXPECT_FALSE(first_invalid_utf8(""));
}

TEST(Utf8, FindsTheFirstBadByte) {
  struct Row {
    std::string text;
    std::size_t at;
  };
  const std::vector<Row> rows = {
      {"ab\x80", 2},                // a tail without a head
      {"a\xC0\xAF", 1},             // overlong, two bytes
      {"\xE0\x80\xAF", 0},          // overlong, three bytes
      {"\xF0\x80\x80\xAF", 0},      // overlong, four bytes
      {"\xED\xA0\x80", 0},          // a surrogate
      {"\xF4\x90\x80\x80", 0},      // beyond U+10FFFF
      {"\xFF", 0},                  // never a byte of UTF-8
      {"abc\xE2\x82", 3},           // cut in the middle
      {"\xE2\x82\xAC\xF0\x9F", 3},  // the same after a good one
      {"\xC3(", 0},                 // head, then no tail
  };
  for (const auto& row : rows) {
    EXPECT_EQ(first_invalid_utf8(row.text), row.at) << printable(row.text);
  }
}

TEST(Utf8, AgreesWithTheRangesOfTheStandardOnAllTwoByteTexts) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const bool ascii = first < 0x80 && second < 0x80;
      const bool pair = first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF;
      EXPECT_EQ(!first_invalid_utf8(text), ascii || pair) << first << " " << second;
    }
  }
}

TEST(Printable, EscapesControlsAndBadBytesAndCuts) {
  EXPECT_EQ(printable("a\n\x7F\xFFz"), "a\\x0a\\x7f\\xffz");
  EXPECT_EQ(printable("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(printable("abcdef", 3), "abc…");
}

TEST(Nearest, FindsMisspellingsAndNothingFar) {
  const std::vector<std::string> keys = {"podSelector", "ingress", "egress", "policyTypes"};
  EXPECT_EQ(nearest("podselector", keys), "podSelector");
  EXPECT_EQ(nearest("ingres", keys), "ingress");
  EXPECT_EQ(nearest("polciyTypes", keys), "policyTypes");
  EXPECT_EQ(nearest("spec", keys), std::nullopt);
  EXPECT_EQ(nearest("", keys), std::nullopt);
  EXPECT_EQ(nearest(std::string(1000, 'x'), keys), std::nullopt);
}

TEST(Glob, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(glob_matches("*/*", "x/a"));
  EXPECT_TRUE(glob_matches("x/*", "x/"));
  EXPECT_TRUE(glob_matches("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(glob_matches("?", "x"));
  EXPECT_FALSE(glob_matches("?", ""));
  EXPECT_FALSE(glob_matches("x/*", "y/a"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_TRUE(glob_matches("**", ""));
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
  EXPECT_EQ(join({"a", "", "b"}, ","), "a,,b");
}

}  // namespace
}  // namespace nettest
