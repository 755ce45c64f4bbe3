// Pods in the network of their node, which policies hardly reach. Pure.
#include <array>

#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

/// Groups that have hostNetwork pods: some of their pods, or all.
struct HostGroups {
  GroupSet some;
  GroupSet all;
};

HostGroups host_groups(const LintFacts& facts) {
  HostGroups host;
  for (GroupIndex group = 0; group < facts.groups().size(); ++group) {
    std::size_t count = 0;
    const auto& members = facts.groups().members(group);
    for (const PodIndex member : members) {
      count += facts.pods()[member].host_network ? 1U : 0U;
    }
    if (count > 0) {
      host.some.add(group);
    }
    if (count == members.size()) {
      host.all.add(group);
    }
  }
  return host;
}

std::string names_of_host_pods(const GroupSet& groups, const LintFacts& facts) {
  std::string first;
  std::size_t count = 0;
  for (const GroupIndex group : groups) {
    for (const PodIndex member : facts.groups().members(group)) {
      const Pod& pod = facts.pods()[member];
      if (pod.host_network && count++ == 0) {
        first = to_string(pod.id);
      }
    }
  }
  return count == 1 ? first : first + " and " + std::to_string(count - 1) + " more";
}

void check_targets(const CompiledPolicy& compiled,
                   const HostGroups& host,
                   const LintFacts& facts,
                   LintSink& sink) {
  GroupSet selected = compiled.targets;
  selected &= host.some;
  if (selected.isEmpty()) {
    return;
  }
  const NetworkPolicy& policy = *compiled.written;
  LintFinding finding =
      finding_about(policy, LintRule::host_network_pod, policy.pod_selector.where);
  if (policy.pod_selector.empty()) {
    // A default for a whole namespace is right in spite of its exceptions.
    finding.severity = LintSeverity::info;
  }
  finding.message = "selects pods that use the network of their node (hostNetwork): " +
                    names_of_host_pods(selected, facts);
  finding.why = "most CNIs do not apply policies to them: they stay open";
  finding.fix = "give them a network of their own, or filter at the node";
  sink.add(std::move(finding));
}

void check_peers(const NetworkPolicy& policy,
                 const PolicyRule& rule,
                 const HostGroups& host,
                 const LintFacts& facts,
                 LintSink& sink) {
  for (const PolicyPeer& peer : rule.peers) {
    if (peer.ip_block) {
      continue;
    }
    const GroupSet selected = facts.select(peer, policy.id.namespace_name).pods;
    if (selected.isEmpty() || !selected.isSubset(host.all)) {
      continue;
    }
    LintFinding finding = finding_about(policy, LintRule::host_network_peer, peer.where);
    finding.message =
        "every pod that this peer selects uses the network of its node "
        "(hostNetwork): " +
        names_of_host_pods(selected, facts);
    finding.why = "most CNIs see their traffic as the node's, which no selector matches";
    finding.fix = "admit the nodes' addresses by ipBlock, or give the pods a network of their own";
    sink.add(std::move(finding));
  }
}

}  // namespace

void lint_host_network(const LintFacts& facts, LintSink& sink) {
  const HostGroups host = host_groups(facts);
  if (host.some.isEmpty()) {
    return;
  }
  for (const CompiledPolicy& compiled : facts.compiled().policies()) {
    check_targets(compiled, host, facts, sink);
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      for (const PolicyRule& rule : rules(*compiled.written, direction)) {
        check_peers(*compiled.written, rule, host, facts, sink);
      }
    }
  }
}

}  // namespace nettest
