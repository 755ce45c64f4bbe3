// Names that clash, or that nothing has: objects, namespaces, keys. Pure.
#include "base/text.hpp"
#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

void check_twice(const Contradiction& twice, LintSink& sink) {
  LintFinding finding;
  finding.rule = LintRule::duplicate_name;
  finding.severity = info_of(finding.rule).severity;
  finding.where = twice.where;
  finding.subject = twice.kind + " " + twice.name;
  finding.subject_where = twice.where;
  finding.message = "is written twice, differently; first at " + to_string(twice.first);
  finding.why = "the one that is applied last replaces the other, without a word";
  finding.fix = "remove one of them, or give it another name";
  sink.add(std::move(finding));
}

void check_key(const UnknownKey& unknown, LintSink& sink) {
  LintFinding finding;
  finding.rule = LintRule::unknown_key;
  finding.severity = info_of(finding.rule).severity;
  finding.where = unknown.where;
  finding.subject = "NetworkPolicy " + to_string(unknown.policy);
  finding.subject_where = unknown.policy_where;
  finding.message = unknown.message;
  finding.why = "the API server refuses the policy, or drops the key and what it says";
  finding.fix = "write the key that is meant, or remove it";
  sink.add(std::move(finding));
}

void check_namespace(const NetworkPolicy& policy, const LintFacts& facts, LintSink& sink) {
  const std::string& name = policy.id.namespace_name;
  const bool judges = facts.input().whole_cluster || facts.declares_namespaces();
  if (!judges || facts.find_namespace(name) != nullptr) {
    return;
  }
  std::vector<std::string> known;
  for (const KnownNamespace& ns : facts.namespaces()) {
    known.push_back(ns.name);
  }
  const auto near = nearest(name, known);
  LintFinding finding = finding_about(policy, LintRule::namespace_unknown, {});
  if (!near && !facts.input().whole_cluster) {
    finding.severity = LintSeverity::info;
  }
  finding.message = "there is no namespace " + name + " in the input";
  finding.why = "if the cluster has none either, the policy cannot be applied, and protects nobody";
  finding.fix = near ? "did you mean " + *near + "?" : "there is " + join(known, ", ");
  sink.add(std::move(finding));
}

}  // namespace

void lint_names(const LintFacts& facts, LintSink& sink) {
  for (const Contradiction& twice : facts.input().contradictions) {
    check_twice(twice, sink);
  }
  for (const UnknownKey& unknown : facts.input().unknown_keys) {
    check_key(unknown, sink);
  }
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    check_namespace(policy, facts, sink);
  }
}

}  // namespace nettest
