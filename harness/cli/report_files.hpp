// Writes report files whole or not at all. Touches files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/terminal.hpp"
#include "results/report.hpp"

namespace nettest {

/// Checks before a run that every report can be written when it has ended; leaves
/// nothing behind. All that is wrong at once, kind usage.
Errors check_writable(const ReportPaths& paths);

/// True when one of the reports goes to stdout, which then holds nothing else.
bool uses_stdout(const ReportPaths& paths);

/// Renders and writes the reports that are wanted. Goes on after a failure;
/// returns all of them, kind engine.
Errors write_reports(const Report& report, const ReportPaths& paths, OutputStream& out);

/// Replaces the content of `path` in one step: a reader sees the old or the new
/// text, and a full disk leaves the old. What is no regular file (a pipe,
/// /dev/stderr) is written to as it is.
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace nettest
