// How a policy is written: lists that are empty, missing, or without effect. Pure.
#include <algorithm>

#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

std::string list_name(Direction direction) {
  return direction == Direction::ingress ? "from" : "to";
}

std::string type_name(Direction direction) {
  return direction == Direction::ingress ? "Ingress" : "Egress";
}

void check_types(const NetworkPolicy& policy, LintSink& sink) {
  if (policy.policy_types_written) {
    return;
  }
  LintFinding finding = finding_about(policy, LintRule::policy_types_missing, {});
  const bool surprising = !policy.egress.empty() && policy.ingress.empty();
  if (surprising) {
    finding.message = "policyTypes is missing: with egress rules alone, ingress is isolated too";
    finding.why = "nobody can reach the selected pods any more";
    finding.fix = "write policyTypes: [Egress] (or [Ingress, Egress] if that is meant)";
  } else {
    finding.severity = LintSeverity::info;
    const bool both = policy.isolates_egress;
    finding.message =
        std::string("policyTypes is missing; it is taken as [Ingress") + (both ? ", Egress]" : "]");
    finding.why =
        "what a policy isolates then depends on which lists it has, and changes with them";
    finding.fix = std::string("write policyTypes: [Ingress") + (both ? ", Egress]" : "]");
  }
  sink.add(std::move(finding));
}

void check_effect(const NetworkPolicy& policy, Direction direction, LintSink& sink) {
  const auto& all = rules(policy, direction);
  if (all.empty() || isolates(policy, direction)) {
    return;
  }
  const std::string type = type_name(direction);
  LintFinding finding = finding_about(policy, LintRule::rules_without_effect, all.front().where);
  finding.message = std::string(to_string(direction)) +
                    " rules have no effect: policyTypes does "
                    "not name " +
                    type;
  finding.why = std::string(to_string(direction)) +
                " of the selected pods is not isolated by this "
                "policy";
  finding.fix = "add " + type + " to policyTypes, or remove the rules";
  sink.add(std::move(finding));
}

void check_empty_lists(const NetworkPolicy& policy,
                       const PolicyRule& rule,
                       Direction direction,
                       LintSink& sink) {
  const std::string list = list_name(direction);
  if (rule.empty_peers) {
    LintFinding finding = finding_about(policy, LintRule::empty_list, *rule.empty_peers);
    finding.message = "\"" + list + "\" is an empty list, which means every peer, not none";
    finding.why = direction == Direction::ingress
                      ? "the rule lets everybody in, from outside of the cluster too"
                      : "the rule lets the pods out to everybody, outside of the cluster too";
    finding.fix = "for nobody, remove the rule; for everybody, leave out \"" + list + "\"";
    sink.add(std::move(finding));
  }
  if (rule.empty_ports) {
    LintFinding finding = finding_about(policy, LintRule::empty_list, *rule.empty_ports);
    finding.message = "\"ports\" is an empty list, which means every port, not none";
    finding.why = "the rule opens all ports of all protocols";
    finding.fix = "for no port, remove the rule; for all ports, leave out \"ports\"";
    sink.add(std::move(finding));
  }
}

bool is_everything(const PolicyRule& rule) {
  return rule.peers.empty() && rule.ports.empty();
}

void check_allow_all(const NetworkPolicy& policy, Direction direction, LintSink& sink) {
  const auto& all = rules(policy, direction);
  for (const PolicyRule& rule : all) {
    check_empty_lists(policy, rule, direction, sink);
    if (!is_everything(rule) || rule.empty_peers || rule.empty_ports) {
      continue;
    }
    LintFinding finding = finding_about(policy, LintRule::allow_all, rule.where);
    finding.message = "an empty rule admits everything: every " +
                      std::string(direction == Direction::ingress ? "source" : "destination") +
                      ", every port";
    if (all.size() > 1) {
      finding.why = "the other " + std::string(to_string(direction)) +
                    " rules of this policy, "
                    "and those of every other policy for these pods, mean nothing beside it";
      finding.fix = "remove the empty rule, or the others";
    } else {
      // Written so on purpose, as the documentation shows it.
      finding.severity = LintSeverity::info;
      finding.why = "no other policy can narrow what these pods admit";
      finding.fix = "if it is meant, disable this finding here; for nobody, write " +
                    std::string(to_string(direction)) + ": []";
    }
    sink.add(std::move(finding));
  }
}

}  // namespace

void lint_shape(const LintFacts& facts, LintSink& sink) {
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    check_types(policy, sink);
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      check_effect(policy, direction, sink);
      if (isolates(policy, direction)) {
        check_allow_all(policy, direction, sink);
      }
    }
  }
}

}  // namespace nettest
