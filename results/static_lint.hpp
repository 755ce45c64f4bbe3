// The outputs of `nettest lint`: findings and the table of rules. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probes/lint/lint.hpp"

namespace nettest {

enum class LintFormat { txt, json, sarif, md };

/// Reads "txt", "json", "sarif" or "md".
std::optional<LintFormat> parse_lint_format(std::string_view text);

std::string render_lint(const LintResult& result, LintFormat format, std::string_view version);

/// One finding per paragraph, and a last line that counts.
std::string render_lint_txt(const LintResult& result);
/// {"format": "nettest.lint/v1", …}
std::string render_lint_json(const LintResult& result);
/// SARIF 2.1.0, as code scanning takes it; `version` is that of nettest.
std::string render_lint_sarif(const LintResult& result, std::string_view version);
/// A table for a pull request.
std::string render_lint_md(const LintResult& result);

/// The table of rules: for reading, for programs, and as the chapter of docs/lint.md.
std::string render_lint_rules(LintFormat format);

/// "2 errors, 1 warning and 3 infos in 5 policies"; what was switched off at the end.
std::string lint_counts(const LintResult& result);

/// Why some rules were not checked, a line each: "no pods in the input: … were not checked".
std::vector<std::string> lint_notes(const LintResult& result);

}  // namespace nettest
