#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/suite_source.hpp"
#include "suites/catalogue/catalogue.hpp"
#include "suites/suite_writer.hpp"

namespace nettest {

namespace {

constexpr std::string_view kBuiltin = "builtin:";

std::string needs_text(const Case& value) {
  std::vector<std::string> words;
  for (const auto need : value.needs) {
    words.emplace_back(to_string(need));
  }
  return join(words, " ");
}

/// Pads every column but the last to its widest cell.
std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i + 1 < row.size() ? fmt::format("{:<{}}  ", row[i], widths[i]) : row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

/// "230 cases, 256 steps: target 6, rules 4, …", one line.
std::string counts_text(const Suite& suite) {
  std::vector<std::string> families;
  std::size_t steps = 0;
  for (const auto& one : count_families(suite)) {
    families.push_back(fmt::format("{} {}", one.family, one.cases));
    steps += one.steps;
  }
  return fmt::format("{} cases, {} steps: {}\n", suite.cases.size(), steps, join(families, ", "));
}

std::string list_text(const Suite& suite) {
  std::vector<std::vector<std::string>> rows = {{"CASE", "STEPS", "DETECTS", "NEEDS", "TAGS"}};
  for (const auto& value : suite.cases) {
    rows.push_back({value.name,
                    std::to_string(value.steps.size()),
                    join(value.detects, " "),
                    needs_text(value),
                    join(value.tags, " ")});
  }
  return table(rows) + counts_text(suite);
}

}  // namespace

int generate_command(const CommandLine& line, Console& console) {
  std::string_view name = line.suite;
  if (name.starts_with(kBuiltin)) {
    name.remove_prefix(kBuiltin.size());
  }
  auto suite = load_builtin(name);
  if (!suite) {
    return complain_about({suite.error()}, console);
  }
  std::vector<Suite> chosen = {std::move(*suite)};
  if (const auto errors = select_cases(chosen, line.selection); !errors.empty()) {
    return complain_about(errors, console);
  }
  const std::string text = line.list ? list_text(chosen.front()) : write_suite(chosen.front());
  if (line.file == "-") {
    console.out.write(text);
    return 0;
  }
  const auto written = write_file(line.file, text);
  return written ? 0 : complain_about({written.error()}, console);
}

}  // namespace nettest
