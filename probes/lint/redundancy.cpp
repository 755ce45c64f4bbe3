// Rules that another rule makes redundant, whatever pods there are. Pure.
#include <algorithm>
#include <unordered_map>

#include "probes/lint/facts.hpp"
#include "probes/lint/implication.hpp"

namespace nettest {

namespace {

/// A policy that isolates, by its place in the state.
using Index = std::uint32_t;

/// The policies of one namespace, found by what their selectors ask: whoever selects a part of what
/// another selects must ask for the other's labels too.
class Widest {
 public:
  explicit Widest(const std::vector<NetworkPolicy>& policies) : policies_(policies) {}

  void add(Index policy) {
    const LabelSelector& selector = policies_[policy].pod_selector;
    if (selector.match_labels.empty()) {
      without_labels_.push_back(policy);
    } else {
      const auto& [key, value] = *selector.match_labels.begin();
      by_label_[key + "=" + value].push_back(policy);
    }
  }

  /// The policies, ascending, that select all pods that `policy` selects; `policy` itself too.
  [[nodiscard]] std::vector<Index> around(Index policy) const {
    const LabelSelector& narrow = policies_[policy].pod_selector;
    std::vector<Index> around;
    const auto take = [&](const std::vector<Index>& candidates) {
      for (const Index candidate : candidates) {
        if (implies(narrow, policies_[candidate].pod_selector)) {
          around.push_back(candidate);
        }
      }
    };
    take(without_labels_);
    for (const auto& requirement : requirements_of(narrow)) {
      if (requirement.op == SelectorOperator::in && requirement.values.size() == 1) {
        const auto found = by_label_.find(requirement.key + "=" + requirement.values.front());
        if (found != by_label_.end()) {
          take(found->second);
        }
      }
    }
    std::sort(around.begin(), around.end());
    around.erase(std::unique(around.begin(), around.end()), around.end());
    return around;
  }

 private:
  const std::vector<NetworkPolicy>& policies_;
  std::vector<Index> without_labels_;
  std::unordered_map<std::string, std::vector<Index>> by_label_;
};

/// A rule by policy, direction and place.
struct RuleSite {
  Index policy;
  std::size_t rule;

  bool operator==(const RuleSite&) const = default;
};

class Redundancy {
 public:
  Redundancy(const std::vector<NetworkPolicy>& policies, LintSink& sink)
      : policies_(policies), sink_(sink) {}

  void check(Index policy, const std::vector<Index>& around, Direction direction) {
    if (!isolates(policies_[policy], direction)) {
      return;
    }
    for (std::size_t i = 0; i < rules(policies_[policy], direction).size(); ++i) {
      const auto wider = find_wider({policy, i}, around, direction);
      if (wider) {
        report({policy, i}, *wider, direction);
      }
    }
  }

 private:
  [[nodiscard]] const PolicyRule& rule(const RuleSite& site, Direction direction) const {
    return rules(policies_[site.policy], direction)[site.rule];
  }

  [[nodiscard]] bool is_wider(const RuleSite& wide,
                              const RuleSite& narrow,
                              Direction direction) const {
    const std::string& ns = policies_[narrow.policy].id.namespace_name;
    const PolicyRule& wide_rule = rule(wide, direction);
    const PolicyRule& narrow_rule = rule(narrow, direction);
    // An empty rule beside others is a finding of its own.
    const bool said =
        wide.policy == narrow.policy && wide_rule.peers.empty() && wide_rule.ports.empty();
    if (wide == narrow || said || !implies(narrow_rule, wide_rule, ns)) {
      return false;
    }
    // Of two that say the same the later one is redundant.
    const bool same =
        implies(wide_rule, narrow_rule, ns) &&
        implies(policies_[wide.policy].pod_selector, policies_[narrow.policy].pod_selector);
    return !same || wide.policy < narrow.policy ||
           (wide.policy == narrow.policy && wide.rule < narrow.rule);
  }

  [[nodiscard]] std::optional<RuleSite> find_wider(const RuleSite& narrow,
                                                   const std::vector<Index>& around,
                                                   Direction direction) const {
    for (const Index policy : around) {
      if (!isolates(policies_[policy], direction)) {
        continue;
      }
      for (std::size_t i = 0; i < rules(policies_[policy], direction).size(); ++i) {
        if (is_wider({policy, i}, narrow, direction)) {
          return RuleSite{policy, i};
        }
      }
    }
    return std::nullopt;
  }

  void report(const RuleSite& narrow, const RuleSite& wide, Direction direction) {
    const NetworkPolicy& policy = policies_[narrow.policy];
    const PolicyRule& other = rule(wide, direction);
    LintFinding finding =
        finding_about(policy, LintRule::rule_redundant, rule(narrow, direction).where);
    finding.message =
        std::string(to_string(direction)) + " rule " + std::to_string(narrow.rule + 1) +
        " admits nothing that rule " + std::to_string(wide.rule + 1) + " of " +
        (wide.policy == narrow.policy ? "this policy" : to_string(policies_[wide.policy].id)) +
        " (" + to_string(other.where) + ") does not admit too";
    finding.why = "changing or removing it changes nothing; perhaps the other is wider than meant";
    finding.fix = "remove it, or narrow the other";
    sink_.add(std::move(finding));
  }

  const std::vector<NetworkPolicy>& policies_;
  LintSink& sink_;
};

}  // namespace

void lint_redundancy(const LintFacts& facts, LintSink& sink) {
  if (!sink.wants(LintRule::rule_redundant)) {
    return;
  }
  const auto& policies = facts.input().state.policies;
  std::map<std::string, std::vector<Index>> by_namespace;
  for (Index i = 0; i < policies.size(); ++i) {
    by_namespace[policies[i].id.namespace_name].push_back(i);
  }
  Redundancy redundancy(policies, sink);
  for (const auto& [name, members] : by_namespace) {
    Widest widest(policies);
    for (const Index policy : members) {
      widest.add(policy);
    }
    for (const Index policy : members) {
      const auto around = widest.around(policy);
      redundancy.check(policy, around, Direction::ingress);
      redundancy.check(policy, around, Direction::egress);
    }
  }
}

}  // namespace nettest
