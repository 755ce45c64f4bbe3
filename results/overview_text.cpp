#include <algorithm>
#include <array>

#include "results/format.hpp"
#include "results/overview.hpp"

namespace nettest {

namespace {

/// Fewer cases than this are read one by one.
constexpr std::size_t kManyCases = 8;
constexpr std::size_t kSharedFeatures = 3;
constexpr std::size_t kSlowSteps = 5;
constexpr std::size_t kTagWidth = 40;
constexpr std::array<const char*, 5> kColumns = {
    "passed", "failed", "known", "inconclusive", "skipped"};

std::array<std::size_t, 5> numbers_of(const TagRow& row) {
  return {row.passed, row.failed, row.known, row.unclear, row.skipped};
}

bool has_many_cases(const Report& report) {
  std::size_t cases = 0;
  for (const auto& suite : report.suites) {
    cases += suite.cases.size();
  }
  return cases >= kManyCases;
}

std::string shared_text(const SharedFeature& shared) {
  const bool all = shared.failing == shared.all_failing;
  return (all ? "all " + std::to_string(shared.failing)
              : std::to_string(shared.failing) + " of " + std::to_string(shared.all_failing)) +
         " failing cases share the " + one_line(shared.feature) + " (" +
         counted(shared.all_with, "case has it", "cases have it") + ")";
}

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string tags_text(const std::vector<TagRow>& rows) {
  if (rows.empty()) {
    return "";
  }
  // As wide as the heading at least.
  std::size_t width = 10;
  for (const auto& row : rows) {
    width = std::max(width, std::min(display_width(one_line(row.tag)), kTagWidth));
  }
  constexpr std::size_t kGap = 2;
  std::string text = padded("Cases by tag", width + 2);
  for (const std::string column : kColumns) {
    text += right_aligned(column, column.size() + kGap);
  }
  text += "\n";
  for (const auto& row : rows) {
    text += "  " + padded(shortened(one_line(row.tag), kTagWidth), width);
    const auto numbers = numbers_of(row);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      text +=
          right_aligned(std::to_string(numbers.at(i)), std::string(kColumns.at(i)).size() + kGap);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string overview_text(const Report& report) {
  std::string text;
  for (const auto& reason : skip_reasons(report)) {
    text += "Skipped " + reason + "\n";
  }
  if (!has_many_cases(report)) {
    return text;
  }
  text = tags_text(tag_table(report)) + text;
  for (const auto& shared : shared_by_failures(report, kSharedFeatures)) {
    text += "Shared: " + shared_text(shared) + "\n";
  }
  text += "Slowest steps\n";
  for (const auto& step : slowest_steps(report, kSlowSteps)) {
    text += "  " + right_aligned(duration_text(step.took), 8) + "  " + one_line(step.name) + "\n";
  }
  return text;
}

std::string overview_markdown(const Report& report,
                              const std::function<std::string(std::string_view)>& escaped) {
  std::string text;
  for (const auto& reason : skip_reasons(report)) {
    text += "- skipped " + escaped(reason) + "\n";
  }
  if (!has_many_cases(report)) {
    return text.empty() ? "" : text + "\n";
  }
  for (const auto& shared : shared_by_failures(report, kSharedFeatures)) {
    text += "- " + escaped(shared_text(shared)) + "\n";
  }
  text += text.empty() ? "" : "\n";
  const auto rows = tag_table(report);
  if (!rows.empty()) {
    text +=
        "| tag | passed | failed | known | inconclusive | skipped |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n";
    for (const auto& row : rows) {
      text += "| " + escaped(row.tag);
      for (const auto number : numbers_of(row)) {
        text += " | " + std::to_string(number);
      }
      text += " |\n";
    }
    text += "\n";
  }
  text += "| slowest steps | time |\n| --- | ---: |\n";
  for (const auto& step : slowest_steps(report, kSlowSteps)) {
    text += "| " + escaped(step.name) + " | " + duration_text(step.took) + " |\n";
  }
  return text + "\n";
}

}  // namespace nettest
