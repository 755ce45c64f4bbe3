// What the rules of lint ask about the input, worked out once. Pure. Private to probes/lint.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "probes/lint/label_words.hpp"
#include "probes/lint/lint.hpp"
#include "probes/lint/ports.hpp"
#include "probes/simulator/compiled.hpp"

namespace nettest {

/// A namespace as far as the input tells of it.
struct KnownNamespace {
  std::string name;
  Labels labels;
  /// False when it is only mentioned: it may have more labels.
  bool declared = false;
};

/// Whom a peer with selectors selects.
struct SelectedPeer {
  /// No namespace of the input fits its namespaceSelector.
  bool no_namespace = false;
  /// The input has pods in the namespaces that fit.
  bool has_candidates = false;
  GroupSet pods;
};

class LintFacts {
 public:
  explicit LintFacts(const LintInput& input);

  [[nodiscard]] const LintInput& input() const { return input_; }
  [[nodiscard]] const CompiledPolicies& compiled() const { return compiled_; }
  [[nodiscard]] const Groups& groups() const { return compiled_.groups(); }
  [[nodiscard]] const std::vector<Pod>& pods() const { return input_.state.world.pods; }
  [[nodiscard]] const PortFacts& ports() const { return ports_; }

  /// Namespaces that the input holds, and those that every cluster has.
  [[nodiscard]] const std::vector<KnownNamespace>& namespaces() const { return namespaces_; }
  [[nodiscard]] bool declares_namespaces() const { return !input_.declared_namespaces.empty(); }
  [[nodiscard]] const KnownNamespace* find_namespace(const std::string& name) const;
  /// The namespaces whose known labels the selector selects, in order of their names.
  [[nodiscard]] std::vector<const KnownNamespace*> select(const LabelSelector& selector) const;

  /// Pods of the namespace; empty also for namespaces without policies.
  [[nodiscard]] const GroupSet& pods_in(const std::string& ns) const {
    return groups().in_policy_namespace(ns);
  }
  [[nodiscard]] SelectedPeer select(const PolicyPeer& peer, const std::string& own_namespace) const;

  /// The number of pods in the groups.
  [[nodiscard]] std::size_t count(const GroupSet& groups) const;
  /// "web, db and 3 more" of the pods in the groups, sorted by name; with their namespaces when
  /// `with_namespace`.
  [[nodiscard]] std::string names(const GroupSet& groups, bool with_namespace) const;

  [[nodiscard]] const LabelWords& pod_words() const;
  [[nodiscard]] const LabelWords& namespace_words() const;

 private:
  void add_namespaces();

  LintInput input_;
  CompiledPolicies compiled_;
  PortFacts ports_;
  std::vector<KnownNamespace> namespaces_;
  mutable std::unique_ptr<LabelWords> pod_words_;
  mutable std::unique_ptr<LabelWords> namespace_words_;
};

/// Where the rules put what they find.
class LintSink {
 public:
  LintSink(const std::set<LintRule>& wanted, std::vector<LintFinding>& out)
      : wanted_(wanted), out_(out) {}

  [[nodiscard]] bool wants(LintRule rule) const { return wanted_.contains(rule); }
  /// Keeps the finding when its rule is wanted.
  void add(LintFinding finding);

 private:
  const std::set<LintRule>& wanted_;
  std::vector<LintFinding>& out_;
};

/// Begins a finding about a policy.
LintFinding finding_about(const NetworkPolicy& policy, LintRule rule, const Location& where);

/// The groups of rules, one file each.
void lint_selections(const LintFacts& facts, LintSink& sink);
void lint_host_network(const LintFacts& facts, LintSink& sink);
void lint_ports(const LintFacts& facts, LintSink& sink);
void lint_egress(const LintFacts& facts, LintSink& sink);
void lint_blocks(const LintFacts& facts, LintSink& sink);
void lint_shape(const LintFacts& facts, LintSink& sink);
void lint_names(const LintFacts& facts, LintSink& sink);
void lint_redundancy(const LintFacts& facts, LintSink& sink);

}  // namespace nettest
