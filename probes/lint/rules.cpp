#include "probes/lint/rules.hpp"

#include <algorithm>
#include <array>

namespace nettest {

std::string_view to_string(LintSeverity severity) {
  switch (severity) {
    case LintSeverity::info:
      return "info";
    case LintSeverity::warning:
      return "warning";
    case LintSeverity::error:
      return "error";
  }
  return "?";
}

std::optional<LintSeverity> parse_lint_severity(std::string_view text) {
  for (const auto severity : {LintSeverity::info, LintSeverity::warning, LintSeverity::error}) {
    if (text == to_string(severity)) {
      return severity;
    }
  }
  return std::nullopt;
}

const LintRuleInfo& info_of(LintRule rule) {
  return lint_rules().at(static_cast<std::size_t>(rule));
}

std::optional<LintRule> parse_lint_rule(std::string_view id) {
  const auto& rules = lint_rules();
  const auto found = std::find_if(
      rules.begin(), rules.end(), [&](const LintRuleInfo& info) { return info.id == id; });
  return found == rules.end() ? std::nullopt : std::optional(found->rule);
}

std::vector<std::string> lint_rule_ids() {
  std::vector<std::string> ids;
  for (const LintRuleInfo& info : lint_rules()) {
    ids.emplace_back(info.id);
  }
  return ids;
}

}  // namespace nettest
