#include "probes/lint/suite_states.hpp"

#include <algorithm>
#include <tuple>

#include "suites/local_addresses.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

using Place = std::tuple<std::string, int, int>;

Place place(const Location& where) {
  return {where.file, where.line, where.column};
}

/// What was found over all states.
class Gathered {
 public:
  void add(const ClusterState& state, const LintResult& result) {
    for (const NetworkPolicy& policy : state.policies) {
      ++states_of_[{place(policy.where), to_string(policy.id)}];
    }
    std::set<Key> here;
    for (const LintFinding& finding : result.findings) {
      const Key key{place(finding.where), finding.rule, finding.subject};
      Entry& entry = entries_[key];
      entry.finding = finding;
      entry.states += here.insert(key).second ? 1U : 0U;
    }
  }

  [[nodiscard]] LintResult result() const {
    LintResult result;
    result.policies = states_of_.size();
    for (const auto& [key, entry] : entries_) {
      const std::string id = entry.finding.subject.substr(entry.finding.subject.find(' ') + 1);
      const auto states = states_of_.find({place(entry.finding.subject_where), id});
      if (states == states_of_.end() || states->second == entry.states) {
        result.findings.push_back(entry.finding);
      }
    }
    sort_findings(result.findings);
    return result;
  }

 private:
  using Key = std::tuple<Place, LintRule, std::string>;
  struct Entry {
    LintFinding finding;
    std::size_t states = 0;
  };

  std::map<Key, Entry> entries_;
  std::map<std::pair<Place, std::string>, std::size_t> states_of_;
};

/// Makes a change, with the addresses of the state in place of placeholders where they are known.
Result<void> make(Change change, const AddressBook& addresses, ClusterState& state) {
  if (auto* apply = std::get_if<ApplyPolicy>(&change.action)) {
    if (auto policy = resolve_placeholders(apply->policy, addresses)) {
      apply->policy = *std::move(policy);
    }
  }
  return apply_change(state, change);
}

void look_at(const ClusterState& state, const std::set<LintRule>& rules, Gathered& gathered) {
  std::set<std::string> namespaces;
  for (const Namespace& ns : state.world.namespaces) {
    namespaces.insert(ns.name);
  }
  // Addresses change with the engine, so no block of a suite covers pods for certain.
  const AddressBook no_addresses;
  // The reader of suites refuses both.
  const std::vector<Contradiction> no_contradictions;
  const std::vector<UnknownKey> no_keys;
  const LintInput input{state, no_addresses, namespaces, no_contradictions, no_keys, true};
  gathered.add(state, lint(input, rules));
}

}  // namespace

Checked<LintResult> lint_suite(const Suite& suite, const std::set<LintRule>& rules) {
  Gathered gathered;
  Errors errors;
  for (const Case& value : suite.cases) {
    ClusterState state{with_cluster_dns(suite.world), {}};
    AddressBook addresses;
    for (const Step& step : value.steps) {
      addresses = assign_local_addresses(state.world, addresses);
      for (const Change& change : step.changes) {
        if (auto made = make(change, addresses, state); !made) {
          errors.push_back(made.error());
        }
      }
      if (!state.policies.empty()) {
        look_at(state, rules, gathered);
      }
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return gathered.result();
}

}  // namespace nettest
