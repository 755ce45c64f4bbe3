// Selectors of policies and peers that select nobody. Pure.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "probes/lint/facts.hpp"
#include "probes/lint/namespace_guess.hpp"

namespace nettest {

namespace {

/// A peer at its place.
struct PeerSite {
  const NetworkPolicy& policy;
  Direction direction;
  const PolicyPeer& peer;
};

std::string nobody(Direction direction) {
  return direction == Direction::ingress ? "this peer lets nobody in" : "this peer lets nobody out";
}

/// "podSelector app=web", "namespaceSelector team=a with podSelector app=web".
std::string words(const PolicyPeer& peer) {
  std::vector<std::string> parts;
  if (peer.namespace_selector) {
    parts.push_back("namespaceSelector " + to_string(*peer.namespace_selector));
  }
  if (peer.pod_selector) {
    parts.push_back("podSelector " + to_string(*peer.pod_selector));
  }
  return join(parts, " with ");
}

/// Whether pods of a namespace may be written elsewhere.
bool knows_pods_of(const std::string& ns, const LintFacts& facts) {
  return facts.input().whole_cluster || !facts.pods_in(ns).isEmpty();
}

void check_policy(const CompiledPolicy& compiled, const LintFacts& facts, LintSink& sink) {
  const NetworkPolicy& policy = *compiled.written;
  const std::string& ns = policy.id.namespace_name;
  // An empty selector is right whoever lives there.
  if (!compiled.targets.isEmpty() || policy.pod_selector.empty()) {
    return;
  }
  LintFinding finding =
      finding_about(policy, LintRule::policy_selects_no_pod, policy.pod_selector.where);
  finding.message =
      "podSelector " + to_string(policy.pod_selector) + " selects no pod of namespace " + ns;
  finding.why = "the policy isolates nobody, and what it seems to protect is open";
  if (!knows_pods_of(ns, facts)) {
    finding.severity = LintSeverity::info;
    finding.why =
        "the input has no pod of this namespace; if the cluster has none either, the "
        "policy isolates nobody";
  }
  finding.fix = label_hint(policy.pod_selector, facts.pod_words());
  const GroupSet elsewhere = facts.groups().pods(policy.pod_selector);
  if (finding.fix.empty() && !elsewhere.isEmpty()) {
    finding.fix = "it would select " + facts.names(elsewhere, true) +
                  ": is metadata.namespace what you mean?";
  }
  if (finding.fix.empty()) {
    finding.fix = "check the labels (kubectl get pods -n " + ns + " --show-labels)";
  }
  sink.add(std::move(finding));
}

void check_namespaces(const PeerSite& site, const LintFacts& facts, LintSink& sink) {
  const LabelSelector& selector = *site.peer.namespace_selector;
  const NamespaceGuess guess = guess_namespace(selector, facts);
  if (!guess.certain && !facts.input().whole_cluster && !facts.declares_namespaces()) {
    return;
  }
  LintFinding finding =
      finding_about(site.policy, LintRule::peer_selects_no_namespace, selector.where);
  if (!guess.certain && !facts.input().whole_cluster) {
    finding.severity = LintSeverity::info;
  }
  finding.message = "namespaceSelector " + to_string(selector) + " selects no namespace";
  finding.why = guess.why + ": " + nobody(site.direction);
  finding.fix = guess.fix;
  sink.add(std::move(finding));
}

std::string fix_of_pods(const PeerSite& site, const LintFacts& facts) {
  const PolicyPeer& peer = site.peer;
  const GroupSet elsewhere = facts.groups().pods(*peer.pod_selector);
  if (!peer.namespace_selector && !elsewhere.isEmpty()) {
    return "a podSelector alone selects in the policy's own namespace; for " +
           facts.names(elsewhere, true) + " add a namespaceSelector to the same peer";
  }
  const std::string hint = label_hint(*peer.pod_selector, facts.pod_words());
  return hint.empty() ? "check the labels (kubectl get pods --show-labels)" : hint;
}

void check_pods(const PeerSite& site,
                const SelectedPeer& selected,
                const LintFacts& facts,
                LintSink& sink) {
  const bool known = selected.has_candidates || facts.input().whole_cluster;
  if (!known || !site.peer.pod_selector || site.peer.pod_selector->empty()) {
    return;
  }
  LintFinding finding =
      finding_about(site.policy, LintRule::peer_selects_no_pod, site.peer.pod_selector->where);
  finding.message =
      words(site.peer) + " selects no pod" +
      (site.peer.namespace_selector ? "" : " of namespace " + site.policy.id.namespace_name);
  finding.why = nobody(site.direction);
  finding.fix = fix_of_pods(site, facts);
  sink.add(std::move(finding));
}

bool is_namespaces_alone(const PolicyPeer& peer) {
  return peer.namespace_selector && !peer.namespace_selector->empty() && !peer.pod_selector;
}

/// Whether `pods` stands beside a peer of namespaces in which alone its selector selects somebody:
/// then one peer of both is what was meant.
const PolicyPeer* other_half(const PolicyRule& rule,
                             const PolicyPeer& pods,
                             const LintFacts& facts) {
  const auto other = std::find_if(rule.peers.begin(), rule.peers.end(), [&](const auto& peer) {
    return is_namespaces_alone(peer) && facts.groups()
                                            .pods_of_namespaces(*peer.namespace_selector)
                                            .intersect(facts.groups().pods(*pods.pod_selector));
  });
  return other == rule.peers.end() ? nullptr : &*other;
}

void report_split(const PeerSite& site,
                  const PolicyPeer& namespaces,
                  const LintFacts& facts,
                  LintSink& sink) {
  const std::string other = to_string(*namespaces.namespace_selector);
  LintFinding finding = finding_about(site.policy, LintRule::peers_split, site.peer.where);
  finding.message = "podSelector " + to_string(*site.peer.pod_selector) +
                    " and namespaceSelector " + other + " are two peers, either of which is enough";
  finding.why =
      "every pod of the namespaces " + other + " is admitted (" +
      facts.names(facts.groups().pods_of_namespaces(*namespaces.namespace_selector), true) +
      "), and the podSelector selects nobody in its own namespace " + site.policy.id.namespace_name;
  finding.fix = "for pods that fit both, make it one peer: remove the \"- \" before podSelector";
  sink.add(std::move(finding));
}

void check_peer(const PeerSite& site,
                const PolicyRule& rule,
                const LintFacts& facts,
                LintSink& sink) {
  if (!site.peer.namespace_selector && !site.peer.pod_selector) {
    return;
  }
  const SelectedPeer selected = facts.select(site.peer, site.policy.id.namespace_name);
  if (!selected.pods.isEmpty()) {
    return;
  }
  if (selected.no_namespace) {
    check_namespaces(site, facts, sink);
    return;
  }
  if (!site.peer.namespace_selector && !site.peer.pod_selector->empty()) {
    if (const PolicyPeer* half = other_half(rule, site.peer, facts)) {
      report_split(site, *half, facts, sink);
      return;
    }
  }
  check_pods(site, selected, facts, sink);
}

}  // namespace

void lint_selections(const LintFacts& facts, LintSink& sink) {
  const bool has_pods = !facts.pods().empty();
  for (const CompiledPolicy& compiled : facts.compiled().policies()) {
    const NetworkPolicy& policy = *compiled.written;
    if (has_pods) {
      check_policy(compiled, facts, sink);
    }
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      for (const PolicyRule& rule : rules(policy, direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          check_peer({policy, direction, peer}, rule, facts, sink);
        }
      }
    }
  }
}

}  // namespace nettest
