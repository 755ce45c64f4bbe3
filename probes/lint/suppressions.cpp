#include "probes/lint/suppressions.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::string_view kMark = "nettest:disable=";
constexpr std::string_view kBlanks = " \t\r";

/// Where the comment of a line begins, or the end of the line.
std::size_t comment_of(std::string_view line) {
  for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') {
      return at;
    }
  }
  return line.size();
}

/// What follows the mark in a comment, up to the first blank.
std::optional<std::string_view> ids_in(std::string_view comment) {
  const auto begin = comment.find_first_not_of("# \t");
  if (begin == std::string_view::npos || !comment.substr(begin).starts_with(kMark)) {
    return std::nullopt;
  }
  const std::string_view ids = comment.substr(begin + kMark.size());
  return ids.substr(0, ids.find_first_of(kBlanks));
}

bool begins_document(std::string_view line) {
  return line.starts_with("---") && (line.size() == 3 || kBlanks.find(line[3]) != kBlanks.npos);
}

}  // namespace

Suppressions::Suppressions(std::string_view text) {
  by_document_[document_];
  int number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    read_line(text.substr(at, end - at), number);
    at = end + 1;
  }
}

void Suppressions::read_line(std::string_view line, int number) {
  if (begins_document(line)) {
    document_ = number;
    by_document_[document_];
    at_top_ = true;
    pending_.clear();
    line.remove_prefix(3);
  }
  const std::size_t comment = comment_of(line);
  const bool says_something =
      line.substr(0, comment).find_first_not_of(kBlanks) != std::string_view::npos;
  std::set<LintRule> rules;
  if (const auto ids = ids_in(line.substr(comment))) {
    rules = read_ids(*ids, number);
  }
  if (says_something) {
    rules.merge(pending_);
    pending_.clear();
    if (!rules.empty()) {
      by_line_[number].merge(rules);
    }
    at_top_ = false;
  } else if (at_top_) {
    by_document_[document_].merge(rules);
  } else {
    pending_.merge(rules);
  }
}

std::set<LintRule> Suppressions::read_ids(std::string_view ids, int number) {
  std::set<LintRule> rules;
  for (const std::string& id : split(ids, ',')) {
    if (id == "all") {
      for (const LintRuleInfo& info : lint_rules()) {
        rules.insert(info.rule);
      }
    } else if (const auto rule = parse_lint_rule(id)) {
      rules.insert(*rule);
    } else {
      unknown_.push_back({number, id});
    }
  }
  return rules;
}

bool Suppressions::covers(LintRule rule, int line) const {
  const auto own = by_line_.find(line);
  if (own != by_line_.end() && own->second.contains(rule)) {
    return true;
  }
  auto document = by_document_.upper_bound(line);
  return document != by_document_.begin() && (--document)->second.contains(rule);
}

}  // namespace nettest
