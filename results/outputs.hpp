// Every output that is rendered from a report: text out, nothing touched. Pure.
#pragma once

#include <string>
#include <string_view>

#include "results/report.hpp"

namespace nettest {

struct TextStyle {
  bool colour = false;
  /// Columns of the terminal; 0: do not fold or cut.
  int width = 0;
};

/// The marks of all matrices explained; to be shown once, before the first
/// matrix.
std::string render_legend(const TextStyle& style);
/// The same for matrices of predictions.
std::string render_prediction_legend(const TextStyle& style);

/// The matrix of one step: rows = sources, columns = destinations; `.` allowed,
/// `X` blocked, `?` inconclusive, and a second symbol on mismatches. Identical
/// sub-matrices (per port, protocol, by, client) are folded into one with a
/// joined heading. More than 60 rows or columns are condensed.
std::string render_matrix(const StepResult& step, const TextStyle& style);

/// The step's heading, its matrix, and the four lines of each mismatch and
/// inconclusive probe (alike ones once, at most ten in full, the rest counted).
std::string render_step(const StepResult& step, const TextStyle& style);

/// The closing lines: counts, latency, what to look at first.
std::string render_summary(const Report& report, const TextStyle& style);

/// The line above the steps of a case.
std::string render_case_heading(std::string_view suite,
                                std::string_view case_name,
                                const TextStyle& style);

/// The whole report as `run` prints it: legend, suites, cases, steps, summary.
std::string render_text(const Report& report, const TextStyle& style);

std::string render_junit(const Report& report);
std::string render_json(const Report& report);
std::string render_markdown(const Report& report);

/// Reads what render_json wrote (same major version); kind usage.
Result<Report> parse_report_json(std::string_view text);

}  // namespace nettest
