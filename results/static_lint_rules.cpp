// The table of lint rules, for people and programs. Pure.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/static_lint.hpp"

namespace nettest {

namespace {

std::string rules_txt() {
  std::string text;
  for (const LintRuleInfo& rule : lint_rules()) {
    text += fmt::format("{:<27}{:<9}{}\n", rule.id, to_string(rule.severity), rule.finds);
  }
  return text;
}

std::string rules_json() {
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const LintRuleInfo& rule : lint_rules()) {
    rules.push_back({{"rule", rule.id},
                     {"severity", to_string(rule.severity)},
                     {"finds", rule.finds},
                     {"why", rule.why},
                     {"wrong", rule.wrong},
                     {"right", rule.right}});
  }
  return rules.dump(2) + "\n";
}

std::string_view needs(LintNeed need) {
  switch (need) {
    case LintNeed::namespaces:
      return " Needs namespaces in the input.";
    case LintNeed::pods:
      return " Needs pods in the input.";
    case LintNeed::pod_addresses:
      return " Needs pods with addresses in the input.";
    case LintNeed::nothing:
      break;
  }
  return "";
}

std::string rules_md() {
  std::string text = "| rule | severity | finds |\n| --- | --- | --- |\n";
  for (const LintRuleInfo& rule : lint_rules()) {
    text +=
        fmt::format("| [{0}](#{0}) | {1} | {2} |\n", rule.id, to_string(rule.severity), rule.finds);
  }
  for (const LintRuleInfo& rule : lint_rules()) {
    text += fmt::format("\n### {}\n\n{}{}\n\n```yaml\n# wrong\n{}\n\n# right\n{}\n```\n",
                        rule.id,
                        rule.why,
                        needs(rule.need),
                        rule.wrong,
                        rule.right);
  }
  return text;
}

}  // namespace

std::string render_lint_rules(LintFormat format) {
  switch (format) {
    case LintFormat::json:
      return rules_json();
    case LintFormat::md:
      return rules_md();
    case LintFormat::txt:
    case LintFormat::sarif:
      break;
  }
  return rules_txt();
}

}  // namespace nettest
