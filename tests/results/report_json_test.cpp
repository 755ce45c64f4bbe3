// What parse_report_json says of files that it cannot use.
#include <string>

#include <gtest/gtest.h>

#include "results/outputs.hpp"
#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::attempts;
using test::judged;
using test::predicted;
using test::probe;

std::string sample() {
  StepResult step;
  step.name = "s";
  step.comparisons = {
      judged(probe("x/a", "x/b"), predicted(Verdict::blocked), attempts({Signal::connected}))};
  Report report;
  report.suites.resize(1);
  report.suites[0].cases.resize(1);
  report.suites[0].cases[0].steps = {std::move(step)};
  return render_json(report);
}

/// The sample with the first `what` replaced.
std::string changed(const std::string& what, const std::string& by) {
  std::string text = sample();
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

std::string refusal(const std::string& text) {
  const auto report = parse_report_json(text);
  EXPECT_FALSE(report) << "read: " << text.substr(0, 80);
  if (report) {
    return "";
  }
  EXPECT_EQ(report.error().kind, ErrorKind::usage);
  return report.error().message;
}

TEST(ReportJson, IsReadBack) {
  ASSERT_TRUE(parse_report_json(sample()));
  EXPECT_EQ(render_json(*parse_report_json(sample())), sample());
}

TEST(ReportJson, MayHoldMoreThanThisVersionKnows) {
  const auto report = parse_report_json(changed("\"exit_code\"", "\"later\":{},\"exit_code\""));
  EXPECT_TRUE(report);
}

TEST(ReportJson, KeepsTimesToTheNanosecond) {
  auto report = *parse_report_json(sample());
  auto& attempt = report.suites[0].cases[0].steps[0].comparisons[0].attempts[0];
  for (const std::int64_t ns :
       {std::int64_t{1}, std::int64_t{999'999'999}, 2'592'000'000'000'001}) {
    attempt.took = Duration(ns);
    const auto again = parse_report_json(render_json(report));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->suites[0].cases[0].steps[0].comparisons[0].attempts[0].took.count(), ns);
  }
}

TEST(ReportJson, CountsTimeFromTheFirstAttempt) {
  auto report = *parse_report_json(sample());
  auto& attempts = report.suites[0].cases[0].steps[0].comparisons[0].attempts;
  attempts = {test::attempt(Signal::connected, 5000), test::attempt(Signal::connected, 5250)};
  const std::string text = render_json(report);
  EXPECT_NE(text.find("\"sent_ms\":0.0,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"sent_ms\":250.0,"), std::string::npos) << text;
}

TEST(ReportJson, TellsATruncatedFile) {
  const std::string whole = sample();
  for (const std::size_t size : {whole.size() / 3, whole.size() / 2, whole.size() - 3}) {
    EXPECT_NE(refusal(whole.substr(0, size)).find("ends in the middle"), std::string::npos) << size;
  }
}

TEST(ReportJson, NeverDiesOfAnyPrefixOrChangedByte) {
  const std::string whole = sample();
  // The last byte is the end of the last line, which may be missing.
  for (std::size_t i = 0; i + 1 < whole.size(); i += 7) {
    EXPECT_FALSE(parse_report_json(whole.substr(0, i)));
    std::string other = whole;
    other[i] = other[i] == '1' ? '"' : '1';
    static_cast<void>(parse_report_json(other));
  }
  std::string deep(100'000, '[');
  EXPECT_FALSE(parse_report_json(deep));
  EXPECT_FALSE(parse_report_json(deep + std::string(100'000, ']')));
}

TEST(ReportJson, TellsWhatIsNoReport) {
  EXPECT_NE(refusal("").find("ends in the middle"), std::string::npos);
  EXPECT_NE(refusal("[]").find("no nettest report"), std::string::npos);
  EXPECT_NE(refusal("{}").find("no nettest report"), std::string::npos);
  EXPECT_NE(refusal("<xml/>").find("no JSON at byte 1"), std::string::npos);
  EXPECT_NE(refusal(R"({"format": "nettest.simulate/v1"})").find("\"nettest.simulate/v1\""),
            std::string::npos);
}

TEST(ReportJson, RefusesOtherVersions) {
  const std::string message = refusal(changed("nettest.report/v1", "nettest.report/v2"));
  EXPECT_NE(message.find("written by another nettest"), std::string::npos) << message;
  EXPECT_NE(message.find("nettest.report/v2"), std::string::npos) << message;
}

TEST(ReportJson, NamesWordsThatItDoesNotKnow) {
  EXPECT_NE(refusal(changed("\"mismatch\"", "\"misfit\"")).find("agreement \"misfit\""),
            std::string::npos);
  EXPECT_NE(refusal(changed("\"signal\":\"connected\"", "\"signal\":\"odd\"")).find("\"odd\""),
            std::string::npos);
  EXPECT_NE(refusal(changed("\"x/b\"", "\"b\"")).find("namespace/name"), std::string::npos);
  EXPECT_NE(refusal(changed("\"rounds\":0", "\"rounds\":\"0\"")).find("as nettest writes it"),
            std::string::npos);
  EXPECT_NE(refusal(changed("\"cases\":1", "\"cases\":2")).find("as nettest writes it"),
            std::string::npos);
  EXPECT_NE(refusal(changed("\"cases\":1", "\"cases\":0")).find("more cases"), std::string::npos);
  for (const char* port : {"800000", "-1", "80.5", "\"80\"", "18446744073709551615", "null"}) {
    const std::string message = refusal(changed("\"port\":80", std::string("\"port\":") + port));
    EXPECT_NE(message.find("port " + std::string(port)), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace nettest
