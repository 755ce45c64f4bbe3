// Findings of lint as JSON and as SARIF 2.1.0. Pure.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/static_lint.hpp"

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::size_t count(const LintResult& result, LintSeverity severity) {
  return static_cast<std::size_t>(
      std::count_if(result.findings.begin(), result.findings.end(), [&](const auto& finding) {
        return finding.severity == severity;
      }));
}

Json json_of(const LintFinding& finding) {
  return {{"rule", info_of(finding.rule).id},
          {"severity", to_string(finding.severity)},
          {"file", finding.where.file},
          {"line", finding.where.line},
          {"column", finding.where.column},
          {"subject", finding.subject},
          {"message", finding.message},
          {"why", finding.why},
          {"fix", finding.fix}};
}

std::string_view name_of(LintNeed need) {
  switch (need) {
    case LintNeed::namespaces:
      return "namespaces";
    case LintNeed::pods:
      return "pods";
    case LintNeed::pod_addresses:
      return "pod addresses";
    case LintNeed::nothing:
      break;
  }
  return "nothing";
}

std::string_view level_of(LintSeverity severity) {
  return severity == LintSeverity::info ? "note" : to_string(severity);
}

/// A path as a URI reference (RFC 3986); absolute ones with the scheme file.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  std::string uri = path.starts_with("/") ? "file://" : "";
  for (const char c : path) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return uri;
}

Json rule_json(const LintRuleInfo& rule) {
  const std::string help =
      fmt::format("{}\n\nWrong:\n\n```yaml\n{}\n```\n\nRight:\n\n```yaml\n{}\n```\n",
                  rule.why,
                  rule.wrong,
                  rule.right);
  return {{"id", rule.id},
          {"shortDescription", {{"text", fmt::format("Finds {}", rule.finds)}}},
          {"fullDescription", {{"text", rule.why}}},
          {"help", {{"text", rule.why}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}}};
}

Json result_json(const LintFinding& finding) {
  Json region = {{"startLine", std::max(finding.where.line, 1)}};
  if (finding.where.column > 0) {
    region["startColumn"] = finding.where.column;
  }
  return {{"ruleId", info_of(finding.rule).id},
          {"ruleIndex", static_cast<std::size_t>(finding.rule)},
          {"level", level_of(finding.severity)},
          {"message",
           {{"text",
             fmt::format("{}: {}. Why: {}. Fix: {}",
                         finding.subject,
                         finding.message,
                         finding.why,
                         finding.fix)}}},
          {"locations",
           {{{"physicalLocation",
              {{"artifactLocation", {{"uri", uri_of(finding.where.file)}}}, {"region", region}}},
             {"logicalLocations", {{{"fullyQualifiedName", finding.subject}}}}}}}};
}

Json invocation_json(const LintResult& result) {
  Json notifications = Json::array();
  for (const std::string& note : lint_notes(result)) {
    notifications.push_back({{"level", "note"}, {"message", {{"text", note}}}});
  }
  Json invocation = {{"executionSuccessful", true}};
  if (!notifications.empty()) {
    invocation["toolExecutionNotifications"] = notifications;
  }
  return invocation;
}

}  // namespace

std::string render_lint_json(const LintResult& result) {
  Json findings = Json::array();
  for (const LintFinding& finding : result.findings) {
    findings.push_back(json_of(finding));
  }
  Json not_checked = Json::array();
  for (const auto& [need, rules] : result.not_checked) {
    Json ids = Json::array();
    for (const LintRule rule : rules) {
      ids.push_back(info_of(rule).id);
    }
    not_checked.push_back({{"needs", name_of(need)}, {"rules", ids}});
  }
  return dumped({{"format", "nettest.lint/v1"},
                 {"policies", result.policies},
                 {"errors", count(result, LintSeverity::error)},
                 {"warnings", count(result, LintSeverity::warning)},
                 {"infos", count(result, LintSeverity::info)},
                 {"suppressed", result.suppressed},
                 {"findings", findings},
                 {"not_checked", not_checked}});
}

std::string render_lint_sarif(const LintResult& result, std::string_view version) {
  Json rules = Json::array();
  for (const LintRuleInfo& rule : lint_rules()) {
    rules.push_back(rule_json(rule));
  }
  Json results = Json::array();
  for (const LintFinding& finding : result.findings) {
    results.push_back(result_json(finding));
  }
  const Json driver = {{"name", "nettest"}, {"semanticVersion", version}, {"rules", rules}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"invocations", Json::array({invocation_json(result)})},
                    {"results", results}};
  return dumped({{"$schema",
                  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                  "sarif-schema-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({run})}});
}

}  // namespace nettest
