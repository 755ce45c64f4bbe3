#include "probes/lint/facts.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kMetadataName = "kubernetes.io/metadata.name";

/// What every cluster has:
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
constexpr std::array kInitialNamespaces = {
    "default", "kube-node-lease", "kube-public", "kube-system"};

/// Names that a message gives before it says "and N more".
constexpr std::size_t kMostNames = 3;

}  // namespace

LintFacts::LintFacts(const LintInput& input)
    : input_(input),
      compiled_(input.state, input.addresses),
      ports_(input.state.world, compiled_.groups()) {
  add_namespaces();
}

void LintFacts::add_namespaces() {
  std::set<std::string> known;
  // One that only a policy mentions proves nothing.
  std::set<std::string> lived_in;
  for (const Pod& pod : pods()) {
    lived_in.insert(pod.id.namespace_name);
  }
  for (const Service& service : input_.state.world.services) {
    lived_in.insert(service.id.namespace_name);
  }
  for (const Namespace& ns : input_.state.world.namespaces) {
    const bool declared = input_.whole_cluster || input_.declared_namespaces.contains(ns.name);
    if ((declared || lived_in.contains(ns.name)) && known.insert(ns.name).second) {
      namespaces_.push_back({ns.name, ns.labels, declared});
    }
  }
  for (const char* name : kInitialNamespaces) {
    if (known.insert(name).second) {
      namespaces_.push_back({name, {{kMetadataName, name}}, false});
    }
  }
  std::sort(namespaces_.begin(),
            namespaces_.end(),
            [](const KnownNamespace& a, const KnownNamespace& b) { return a.name < b.name; });
}

const KnownNamespace* LintFacts::find_namespace(const std::string& name) const {
  const auto found = std::lower_bound(
      namespaces_.begin(),
      namespaces_.end(),
      name,
      [](const KnownNamespace& ns, const std::string& wanted) { return ns.name < wanted; });
  return found != namespaces_.end() && found->name == name ? &*found : nullptr;
}

std::vector<const KnownNamespace*> LintFacts::select(const LabelSelector& selector) const {
  std::vector<const KnownNamespace*> selected;
  for (const KnownNamespace& ns : namespaces_) {
    if (selects(selector, ns.labels)) {
      selected.push_back(&ns);
    }
  }
  return selected;
}

SelectedPeer LintFacts::select(const PolicyPeer& peer, const std::string& own_namespace) const {
  SelectedPeer selected;
  if (peer.namespace_selector) {
    selected.pods = groups().pods_of_namespaces(*peer.namespace_selector);
    selected.no_namespace = selected.pods.isEmpty() && select(*peer.namespace_selector).empty();
  } else {
    selected.pods = pods_in(own_namespace);
  }
  selected.has_candidates = !selected.pods.isEmpty();
  if (peer.pod_selector) {
    selected.pods &= groups().pods(*peer.pod_selector);
  }
  return selected;
}

std::size_t LintFacts::count(const GroupSet& groups) const {
  std::size_t count = 0;
  for (const GroupIndex group : groups) {
    count += this->groups().members(group).size();
  }
  return count;
}

std::string LintFacts::names(const GroupSet& groups, bool with_namespace) const {
  std::vector<std::string> names;
  const std::size_t all = count(groups);
  for (const GroupIndex group : groups) {
    for (const PodIndex member : this->groups().members(group)) {
      if (names.size() == kMostNames) {
        break;
      }
      const PodId& id = pods()[member].id;
      names.push_back(with_namespace ? to_string(id) : id.name);
    }
  }
  std::sort(names.begin(), names.end());
  return join(names, ", ") +
         (all > names.size() ? " and " + std::to_string(all - names.size()) + " more" : "");
}

const LabelWords& LintFacts::pod_words() const {
  if (!pod_words_) {
    pod_words_ = std::make_unique<LabelWords>();
    for (const Pod& pod : pods()) {
      pod_words_->add(pod.labels);
    }
  }
  return *pod_words_;
}

const LabelWords& LintFacts::namespace_words() const {
  if (!namespace_words_) {
    namespace_words_ = std::make_unique<LabelWords>();
    for (const KnownNamespace& ns : namespaces_) {
      namespace_words_->add(ns.labels);
    }
  }
  return *namespace_words_;
}

void LintSink::add(LintFinding finding) {
  if (wants(finding.rule)) {
    out_.push_back(std::move(finding));
  }
}

LintFinding finding_about(const NetworkPolicy& policy, LintRule rule, const Location& where) {
  LintFinding finding;
  finding.rule = rule;
  finding.severity = info_of(rule).severity;
  finding.where = where.line == 0 ? policy.where : where;
  finding.subject = "NetworkPolicy " + to_string(policy.id);
  finding.subject_where = policy.where;
  return finding;
}

}  // namespace nettest
