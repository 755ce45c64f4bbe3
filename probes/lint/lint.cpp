#include "probes/lint/lint.hpp"

#include <algorithm>
#include <tuple>

#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

bool can_judge(LintNeed need, const LintInput& input) {
  switch (need) {
    case LintNeed::nothing:
      break;
    case LintNeed::namespaces:
      return input.whole_cluster || !input.declared_namespaces.empty();
    case LintNeed::pods:
      return !input.state.world.pods.empty();
    case LintNeed::pod_addresses:
      return !input.addresses.pods.empty();
  }
  return true;
}

}  // namespace

LintInput lint_input(const Inventory& inventory, bool whole_cluster) {
  return {inventory.state,
          inventory.addresses,
          inventory.declared_namespaces,
          inventory.contradictions,
          inventory.unknown_keys,
          whole_cluster};
}

void sort_findings(std::vector<LintFinding>& findings) {
  const auto key = [](const LintFinding& finding) {
    return std::tuple(std::string_view(finding.where.file),
                      finding.where.line,
                      finding.where.column,
                      info_of(finding.rule).id,
                      std::string_view(finding.subject),
                      std::string_view(finding.message));
  };
  std::sort(findings.begin(), findings.end(), [&](const LintFinding& a, const LintFinding& b) {
    return key(a) < key(b);
  });
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
}

LintResult lint(const LintInput& input, const std::set<LintRule>& rules) {
  LintResult result;
  result.policies = input.state.policies.size();
  for (const LintRuleInfo& rule : lint_rules()) {
    if (rules.contains(rule.rule) && !can_judge(rule.need, input)) {
      result.not_checked[rule.need].push_back(rule.rule);
    }
  }
  const LintFacts facts(input);
  LintSink sink(rules, result.findings);
  lint_selections(facts, sink);
  lint_host_network(facts, sink);
  lint_ports(facts, sink);
  lint_egress(facts, sink);
  lint_blocks(facts, sink);
  lint_shape(facts, sink);
  lint_names(facts, sink);
  lint_redundancy(facts, sink);
  sort_findings(result.findings);
  return result;
}

}  // namespace nettest
