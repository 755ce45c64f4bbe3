// The rules of `nettest lint`: one table, from which the command, the outputs and docs/lint.md
// take their names and words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nettest {

enum class LintSeverity : std::uint8_t { info, warning, error };

/// Says "info", "warning" or "error".
std::string_view to_string(LintSeverity severity);
std::optional<LintSeverity> parse_lint_severity(std::string_view text);

/// In the order of the table.
enum class LintRule : std::uint8_t {
  allow_all,
  block_covers_pods,
  cidr_not_canonical,
  duplicate_name,
  egress_without_dns,
  empty_list,
  except_covers_block,
  host_network_peer,
  host_network_pod,
  metadata_reachable,
  namespace_unknown,
  peer_selects_no_namespace,
  peer_selects_no_pod,
  peers_split,
  policy_selects_no_pod,
  policy_types_missing,
  port_name_unknown,
  port_nobody_serves,
  rule_redundant,
  rules_without_effect,
  service_port,
  unknown_key,
};

/// What a rule must be shown to be able to judge.
enum class LintNeed : std::uint8_t { nothing, namespaces, pods, pod_addresses };

struct LintRuleInfo {
  LintRule rule;
  /// "egress-without-dns"
  std::string_view id;
  /// The highest severity of its findings; where less is certain they are of a lower one.
  LintSeverity severity;
  LintNeed need;
  /// What is found, as the end of "finds …".
  std::string_view finds;
  /// What it costs.
  std::string_view why;
  /// A piece of a policy that has the fault, and one that has not; YAML.
  std::string_view wrong;
  std::string_view right;
};

/// All rules, sorted by id.
const std::vector<LintRuleInfo>& lint_rules();

const LintRuleInfo& info_of(LintRule rule);

/// The rule with that id, or nothing.
std::optional<LintRule> parse_lint_rule(std::string_view id);

/// The ids of all rules, for spelling hints.
std::vector<std::string> lint_rule_ids();

}  // namespace nettest
