#include "harness/static/lint_command.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/version.hpp"
#include "harness/static/lint_input.hpp"
#include "results/static_lint.hpp"

namespace nettest {

namespace {

tl::unexpected<Error> no_rule(const std::string& flag, const std::string& id) {
  return fail(ErrorKind::usage,
              flag + ": there is no rule \"" + printable(id) + "\"" +
                  spelling_hint(id, lint_rule_ids()) + "; --list-rules names them");
}

/// The rules that the flags leave.
Result<std::set<LintRule>> wanted_rules(const LintOptions& options) {
  std::set<LintRule> rules;
  for (const LintRuleInfo& info : lint_rules()) {
    if (options.only.empty()) {
      rules.insert(info.rule);
    }
  }
  for (const std::string& id : options.only) {
    const auto rule = parse_lint_rule(id);
    if (!rule) {
      return no_rule("--only", id);
    }
    rules.insert(*rule);
  }
  for (const std::string& id : options.disabled) {
    const auto rule = parse_lint_rule(id);
    if (!rule) {
      return no_rule("--disable", id);
    }
    rules.erase(*rule);
  }
  return rules;
}

/// What the flags ask for.
struct Asked {
  LintFormat format = LintFormat::txt;
  LintSeverity severity = LintSeverity::warning;
  std::set<LintRule> rules;
};

Result<Asked> what_is_asked(const LintOptions& options) {
  const auto format = parse_lint_format(options.format);
  if (!format) {
    return fail(ErrorKind::usage,
                "-o: want txt, json, sarif or md, found \"" + printable(options.format) + "\"");
  }
  const auto severity = parse_lint_severity(options.severity);
  if (!severity) {
    return fail(
        ErrorKind::usage,
        "--severity: want error, warning or info, found \"" + printable(options.severity) + "\"");
  }
  auto rules = wanted_rules(options);
  if (!rules) {
    return tl::unexpected(rules.error());
  }
  return Asked{*format, *severity, std::move(*rules)};
}

void say_what_was_not_checked(const LintOptions& options, const LintResult& result, StaticIo& io) {
  if (result.policies == 0) {
    complain(io, "warning: there is no NetworkPolicy in the input, so there was little to check");
    return;
  }
  for (const std::string& note : lint_notes(result)) {
    if (!options.input.quiet) {
      complain(io, "note: " + note);
    }
  }
}

}  // namespace

int lint_command(const LintOptions& options, StaticIo& io) {
  const auto asked = what_is_asked(options);
  if (!asked) {
    complain(io, asked.error().message);
    return static_cast<int>(StaticExit::usage);
  }
  if (options.list_rules) {
    io.out(render_lint_rules(asked->format));
    return static_cast<int>(StaticExit::ok);
  }
  const auto linted = read_and_lint(options, asked->rules, io);
  if (!linted) {
    return linted.error();
  }
  say_what_was_not_checked(options, linted->result, io);
  io.out(render_lint(linted->result, asked->format, version()));
  const auto& findings = linted->result.findings;
  const bool found = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.severity >= asked->severity;
  });
  return linted->code != 0 ? linted->code
                           : static_cast<int>(found ? StaticExit::found : StaticExit::ok);
}

}  // namespace nettest
