#include "results/static_lint.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "results/static_text.hpp"

namespace nettest {

namespace {

std::size_t count(const LintResult& result, LintSeverity severity) {
  return static_cast<std::size_t>(
      std::count_if(result.findings.begin(), result.findings.end(), [&](const auto& finding) {
        return finding.severity == severity;
      }));
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

std::string_view because(LintNeed need) {
  switch (need) {
    case LintNeed::namespaces:
      return "no Namespace in the input: {} saw only what names tell";
    case LintNeed::pods:
      return "no pods in the input: {} were not checked";
    case LintNeed::pod_addresses:
      return "no pod with an address in the input: {} was not checked";
    case LintNeed::nothing:
      break;
  }
  return "{}";
}

}  // namespace

std::optional<LintFormat> parse_lint_format(std::string_view text) {
  constexpr std::array kFormats = {std::pair("txt", LintFormat::txt),
                                   std::pair("json", LintFormat::json),
                                   std::pair("sarif", LintFormat::sarif),
                                   std::pair("md", LintFormat::md)};
  for (const auto& [name, format] : kFormats) {
    if (text == name) {
      return format;
    }
  }
  return std::nullopt;
}

std::string render_lint(const LintResult& result, LintFormat format, std::string_view version) {
  switch (format) {
    case LintFormat::txt:
      return render_lint_txt(result);
    case LintFormat::json:
      return render_lint_json(result);
    case LintFormat::sarif:
      return render_lint_sarif(result, version);
    case LintFormat::md:
      return render_lint_md(result);
  }
  return "";
}

std::string lint_counts(const LintResult& result) {
  const std::string policies = counted(result.policies, "policy", "policies");
  const std::string off = result.suppressed == 0
                              ? ""
                              : fmt::format(" ({} switched off by comments)",
                                            counted(result.suppressed, "finding", "findings"));
  if (result.findings.empty()) {
    return "nothing found in " + policies + off;
  }
  return fmt::format("{}, {} and {} in {}{}",
                     counted(count(result, LintSeverity::error), "error", "errors"),
                     counted(count(result, LintSeverity::warning), "warning", "warnings"),
                     counted(count(result, LintSeverity::info), "info", "infos"),
                     policies,
                     off);
}

std::vector<std::string> lint_notes(const LintResult& result) {
  std::vector<std::string> notes;
  for (const auto& [need, rules] : result.not_checked) {
    std::vector<std::string> ids;
    for (const LintRule rule : rules) {
      ids.emplace_back(info_of(rule).id);
    }
    notes.push_back(fmt::format(fmt::runtime(because(need)), join(ids, ", ")));
  }
  return notes;
}

std::string render_lint_txt(const LintResult& result) {
  std::string text;
  for (const LintFinding& finding : result.findings) {
    text += fmt::format("{}: {}: {}: {} [{}]\n  why: {}\n  fix: {}\n\n",
                        to_string(finding.where),
                        to_string(finding.severity),
                        finding.subject,
                        finding.message,
                        info_of(finding.rule).id,
                        finding.why,
                        finding.fix);
  }
  return text + lint_counts(result) + "\n";
}

std::string render_lint_md(const LintResult& result) {
  std::string text = "**nettest lint**: " + lint_counts(result) + "\n";
  if (!result.findings.empty()) {
    text += "\n| | where | what | fix |\n| --- | --- | --- | --- |\n";
  }
  for (const LintFinding& finding : result.findings) {
    text += fmt::format("| {}<br>`{}` | `{}` | {}: {}. {}. | {} |\n",
                        to_string(finding.severity),
                        info_of(finding.rule).id,
                        markdown_cell(to_string(finding.where)),
                        markdown_cell(finding.subject),
                        markdown_cell(finding.message),
                        markdown_cell(sentence(finding.why)),
                        markdown_cell(finding.fix));
  }
  return text;
}

}  // namespace nettest
