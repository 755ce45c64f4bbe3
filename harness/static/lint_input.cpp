#include "harness/static/lint_input.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "probes/lint/suite_states.hpp"
#include "probes/lint/suppressions.hpp"
#include "suites/document.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

constexpr const char* kStdin = "<stdin>";

bool is_suite(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return false;
  }
  const auto text = read_text_file(path);
  if (!text || text->find("nettest/") == std::string::npos) {
    return false;
  }
  const auto documents = parse_documents(*text, path);
  if (!documents || documents->roots.empty()) {
    return false;
  }
  const Node* kind = documents->roots.front()->find("kind");
  return kind != nullptr && kind->text == "Suite";
}

void join(LintResult more, LintResult& all) {
  all.findings.insert(all.findings.end(), more.findings.begin(), more.findings.end());
  all.policies += more.policies;
  all.not_checked.merge(more.not_checked);
}

bool lint_suite_file(const std::string& path,
                     const std::set<LintRule>& rules,
                     StaticIo& io,
                     LintResult& all) {
  const auto suite = read_suite(path);
  const auto result =
      suite ? lint_suite(*suite, rules) : Checked<LintResult>(tl::unexpected(suite.error()));
  if (!result) {
    for (const Error& error : result.error()) {
      complain(io, to_string(error));
    }
    return false;
  }
  join(*result, all);
  return true;
}

/// The comments of the files that findings are in, each file read once.
class Comments {
 public:
  Comments(std::string input, StaticIo& io) : input_(std::move(input)), io_(io) {}

  bool cover(const LintFinding& finding) {
    return of(finding.where.file).covers(finding.rule, finding.where.line);
  }

 private:
  const Suppressions& of(const std::string& file) {
    const auto known = files_.find(file);
    if (known != files_.end()) {
      return known->second;
    }
    const auto text = file == kStdin ? Result<std::string>(input_) : read_text_file(file);
    const auto entry = files_.emplace(file, Suppressions(text.value_or(""))).first;
    for (const UnknownSuppression& word : entry->second.unknown()) {
      complain(io_,
               "warning: " + to_string(Location{file, word.line, 0}) + ": there is no rule \"" +
                   printable(word.id) + "\"" + spelling_hint(word.id, lint_rule_ids()));
    }
    return entry->second;
  }

  std::string input_;
  StaticIo& io_;
  std::map<std::string, Suppressions> files_;
};

void drop_suppressed(Comments comments, LintResult& result) {
  const auto kept = std::remove_if(
      result.findings.begin(), result.findings.end(), [&](const LintFinding& finding) {
        return comments.cover(finding);
      });
  result.suppressed = static_cast<std::size_t>(result.findings.end() - kept);
  result.findings.erase(kept, result.findings.end());
}

tl::expected<Linted, int> lint_manifests(const LintOptions& options,
                                         const std::set<LintRule>& rules,
                                         StaticIo& io) {
  const auto inventory = load(options.input, io, true);
  if (!inventory) {
    return tl::unexpected(inventory.error());
  }
  const bool whole = options.whole_cluster || is_live(options.input);
  return Linted{lint(lint_input(*inventory, whole), rules),
                with_foreign_policies(0, *inventory, options.input, io)};
}

}  // namespace

tl::expected<Linted, int> read_and_lint(const LintOptions& options,
                                        const std::set<LintRule>& rules,
                                        StaticIo& io) {
  Linted linted;
  LintOptions manifests = options;
  auto& paths = manifests.input.paths;
  const auto suites = std::stable_partition(
      paths.begin(), paths.end(), [](const std::string& path) { return !is_suite(path); });
  for (auto suite = suites; suite != paths.end(); ++suite) {
    if (!lint_suite_file(*suite, rules, io, linted.result)) {
      return tl::unexpected(static_cast<int>(StaticExit::usage));
    }
  }
  const auto suites_given = paths.end() - suites;
  paths.erase(suites, paths.end());
  std::string input;
  if (std::find(paths.begin(), paths.end(), "-") != paths.end()) {
    input.assign(std::istreambuf_iterator<char>(io.in), {});
  }
  if (!paths.empty() || suites_given == 0 || is_live(options.input)) {
    std::istringstream again(input);
    StaticIo kept{again, io.out, io.err};
    auto more = lint_manifests(manifests, rules, kept);
    if (!more) {
      return tl::unexpected(more.error());
    }
    join(std::move(more->result), linted.result);
    linted.code = more->code;
  }
  drop_suppressed(Comments(std::move(input), io), linted.result);
  sort_findings(linted.result.findings);
  return linted;
}

}  // namespace nettest
