#include "results/format.hpp"

#include <clocale>

#include <gtest/gtest.h>

#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(Format, WritesDurationsForPeople) {
  EXPECT_EQ(duration_text(nanoseconds(0)), "0 ns");
  EXPECT_EQ(duration_text(nanoseconds(999)), "999 ns");
  EXPECT_EQ(duration_text(microseconds(420)), "420 us");
  EXPECT_EQ(duration_text(microseconds(1500)), "1.5 ms");
  EXPECT_EQ(duration_text(microseconds(9960)), "10 ms");
  EXPECT_EQ(duration_text(milliseconds(250)), "250 ms");
  EXPECT_EQ(duration_text(microseconds(999'900)), "1.00 s");
  EXPECT_EQ(duration_text(milliseconds(1250)), "1.25 s");
  EXPECT_EQ(duration_text(milliseconds(59'999)), "1 min 0 s");
  EXPECT_EQ(duration_text(seconds(125)), "2 min 5 s");
  EXPECT_EQ(duration_text(-milliseconds(20)), "-20 ms");
}

TEST(Format, WritesSecondsWithAPointInEveryLocale) {
  const char* const previous = std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(seconds_text(microseconds(12'499)), "0.012");
  EXPECT_EQ(seconds_text(microseconds(12'500)), "0.013");
  EXPECT_EQ(seconds_text(hours(2)), "7200.000");
  EXPECT_EQ(seconds_text(-hours(2)), "0.000");
  EXPECT_EQ(duration_text(milliseconds(1250)), "1.25 s");
  if (previous != nullptr) {
    std::setlocale(LC_ALL, "C");
  }
}

TEST(Format, WritesAndReadsUtc) {
  const WallTime time{seconds(1'769'860'800) + nanoseconds(5)};
  EXPECT_EQ(utc_text(time), "2026-01-31T12:00:00.000000005Z");
  EXPECT_EQ(parse_utc("2026-01-31T12:00:00.000000005Z"), time);
  EXPECT_EQ(parse_utc(utc_text(WallTime{seconds(-1)})), WallTime{seconds(-1)});
  for (const char* text : {"",
                           "2026-01-31T12:00:00Z",
                           "2026-02-31T12:00:00.000000005Z",
                           "2026-01-31T24:00:00.000000005Z",
                           "2026-01-31 12:00:00.000000005Z",
                           "9999-01-31T12:00:00.000000005Z",
                           "2026-01-31T12:00:00.-00000005Z"}) {
    EXPECT_FALSE(parse_utc(text)) << text;
  }
}

TEST(Format, CountsThings) {
  EXPECT_EQ(counted(1, "probe"), "1 probe");
  EXPECT_EQ(counted(0, "probe"), "0 probes");
  EXPECT_EQ(counted(2, "mismatch"), "2 mismatches");
}

TEST(Format, ShortensRunsOfSignals) {
  EXPECT_EQ(signals_text(test::attempts({Signal::timed_out, Signal::timed_out, Signal::connected})),
            "timed_out ×2, connected");
  EXPECT_EQ(signals_text({}), "");
}

TEST(Format, MeasuresColumnsNotBytes) {
  EXPECT_EQ(display_width("web"), 3U);
  EXPECT_EQ(display_width("é…×"), 3U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("\xff\xc3"), 2U);
  EXPECT_EQ(padded("é", 3), "é  ");
  EXPECT_EQ(padded("abcd", 3), "abcd");
  EXPECT_EQ(shortened("frontend", 5), "fron…");
  EXPECT_EQ(shortened("日本語", 5), "日本…");
  EXPECT_EQ(shortened("web", 3), "web");
}

TEST(Format, WrapsAtSpaces) {
  EXPECT_EQ(wrapped("a bb ccc", 4), (std::vector<std::string>{"a bb", "ccc"}));
  EXPECT_EQ(wrapped("abcdefgh i", 4), (std::vector<std::string>{"abcdefgh", "i"}));
  EXPECT_EQ(wrapped("a bb ccc", 0), (std::vector<std::string>{"a bb ccc"}));
}

}  // namespace
}  // namespace nettest
