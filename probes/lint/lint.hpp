// `nettest lint`: what in a set of policies is probably not what its author meant. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "probes/lint/rules.hpp"
#include "suites/manifests.hpp"

namespace nettest {

/// One thing that is probably wrong, and what to do about it.
struct LintFinding {
  LintRule rule = LintRule::allow_all;
  LintSeverity severity = LintSeverity::warning;
  Location where;
  /// "NetworkPolicy default/deny-web", and where that is written.
  std::string subject;
  Location subject_where;
  /// What is wrong; begins in lower case, no full stop.
  std::string message;
  /// What follows from it.
  std::string why;
  /// What to write instead.
  std::string fix;

  bool operator==(const LintFinding&) const = default;
};

/// What is looked at. `whole_cluster` says that what the state does not hold does not exist:
/// otherwise an absent namespace or pod may be written elsewhere.
struct LintInput {
  const ClusterState& state;
  const AddressBook& addresses;
  const std::set<std::string>& declared_namespaces;
  const std::vector<Contradiction>& contradictions;
  const std::vector<UnknownKey>& unknown_keys;
  bool whole_cluster = false;
};

/// The same of an inventory, which must outlive it.
LintInput lint_input(const Inventory& inventory, bool whole_cluster);

struct LintResult {
  /// Sorted by file, line, column and rule id.
  std::vector<LintFinding> findings;
  /// Rules that could not judge, or only in part, because the input lacks what they need.
  std::map<LintNeed, std::vector<LintRule>> not_checked;
  std::size_t policies = 0;
  /// Findings that comments switched off.
  std::size_t suppressed = 0;
};

/// Looks for everything that `rules` name. Costs about as much as compiling the policies; never
/// pods × policies.
LintResult lint(const LintInput& input, const std::set<LintRule>& rules);

/// Sorts findings by file, line, column and rule id, and drops those that are there twice.
void sort_findings(std::vector<LintFinding>& findings);

}  // namespace nettest
