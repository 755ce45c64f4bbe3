// `nettest lint`: what is probably not what the author meant.
#pragma once

#include <string>
#include <vector>

#include "harness/static/static_io.hpp"

namespace nettest {

struct LintOptions {
  StaticInput input;
  /// "txt", "json", "sarif" or "md".
  std::string format = "txt";
  /// Ids of rules to leave out, and the only ones to look at (empty: all).
  std::vector<std::string> disabled;
  std::vector<std::string> only;
  /// Findings below it do not change the exit code.
  std::string severity = "warning";
  bool whole_cluster = false;
  bool list_rules = false;
};

/// Returns the exit code: 0 nothing found at or above the severity, 1 something, 2 where the input
/// cannot be judged.
int lint_command(const LintOptions& options, StaticIo& io);

}  // namespace nettest
