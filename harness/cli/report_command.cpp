#include <fstream>
#include <iterator>
#include <utility>

#include "harness/cli/commands.hpp"
#include "harness/cli/report_files.hpp"
#include "results/merge.hpp"
#include "results/outputs.hpp"

namespace nettest {

namespace {

Result<std::string> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return fail(ErrorKind::usage, "cannot read " + path + ": is it a file, and may you read it?");
  }
  return text;
}

Result<Report> read_report(const std::string& path) {
  auto text = read_whole(path);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto report = parse_report_json(*text);
  if (!report) {
    return tl::unexpected(report.error().while_doing(path));
  }
  return report;
}

/// Reads all of them, and puts the shards of a run together.
Result<Report> read_reports(const std::vector<std::string>& paths, Errors& errors) {
  std::vector<NamedReport> reports;
  for (const auto& path : paths) {
    auto report = read_report(path);
    if (report) {
      reports.push_back({path, std::move(*report)});
    } else {
      errors.push_back(report.error());
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(errors.front());
  }
  auto merged = merge_reports(std::move(reports));
  if (!merged) {
    errors.push_back(merged.error());
  }
  return merged;
}

}  // namespace

int report_command(const CommandLine& line, Console& console) {
  Errors errors = check_writable(line.reports);
  const auto report = read_reports(line.operands, errors);
  if (!errors.empty()) {
    return complain_about(errors, console);
  }
  if (!uses_stdout(line.reports)) {
    const TextStyle style = console.style_of(console.out);
    console.out.write(line.loudness == Loudness::quiet ? render_summary(*report, style)
                                                       : render_text(*report, style));
  }
  errors = write_reports(*report, line.reports, console.out);
  const int failed = errors.empty() ? 0 : complain_about(errors, console);
  const int code = exit_code(*report);
  return code == 0 ? failed : code;
}

}  // namespace nettest
