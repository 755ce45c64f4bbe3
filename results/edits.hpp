// Which edits of its own policies a suite would not notice: values, text, JSON and Markdown. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "results/outputs.hpp"

namespace nettest {

/// What becomes of an edit: an expectation contradicts it; verdicts change and no expectation
/// speaks of them; none of the suite's probes sees it; or it changes nothing in this world.
enum class Notice { noticed, unnoticed, unasked, no_difference };

/// Says "noticed", "UNNOTICED", "NOT ASKED" or "no difference".
std::string_view to_string(Notice notice);

struct Edited {
  Location where;
  std::string policy;
  /// "drop peer 2 of ingress rule 1".
  std::string what;
  Notice notice = Notice::no_difference;
  /// The first probe whose verdict changes, and how; or the step whose expectation notices.
  std::string example;
};

struct EditReport {
  std::vector<Edited> edits;
  /// Suites in which nobody wrote an expectation.
  std::vector<std::string> without_expectations;
};

/// 1 when some edit goes unnoticed or unasked; 3 when there was nothing to edit; else 0.
int exit_code(const EditReport& report);

std::string render_edits(const EditReport& report, const TextStyle& style);
std::string render_edits_json(const EditReport& report);
std::string render_edits_markdown(const EditReport& report);

}  // namespace nettest
