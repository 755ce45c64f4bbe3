// Comments in YAML that switch rules of lint off: `# nettest:disable=RULE,RULE why`. Pure.
//
// Behind a value the comment speaks of its line; alone on a line, of the next line that holds
// something; before everything else of a document, of the whole document. `all` is every rule.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "probes/lint/rules.hpp"

namespace nettest {

/// A word in such a comment that is no rule.
struct UnknownSuppression {
  int line = 0;
  std::string id;
};

/// What the comments of one file switch off. Lines count from 1.
class Suppressions {
 public:
  explicit Suppressions(std::string_view text);

  [[nodiscard]] bool covers(LintRule rule, int line) const;
  [[nodiscard]] const std::vector<UnknownSuppression>& unknown() const { return unknown_; }

 private:
  void read_line(std::string_view line, int number);
  std::set<LintRule> read_ids(std::string_view ids, int number);

  std::map<int, std::set<LintRule>> by_line_;
  /// By the first line of the document; every document is in it.
  std::map<int, std::set<LintRule>> by_document_;
  std::vector<UnknownSuppression> unknown_;
  /// Of comments that wait for the next line.
  std::set<LintRule> pending_;
  int document_ = 1;
  bool at_top_ = true;
};

}  // namespace nettest
