// I2: what several rules and several policies mean together.
#include <algorithm>
#include <utility>

#include "harness/local/faults/opening_sets.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using RuleList = std::vector<PolicyRule>;

/// Everybody of any rule, on the ports of any rule.
void cross(RuleList& rules) {
  if (rules.size() < 2) {
    return;
  }
  PolicyRule all;
  bool anybody = false;
  bool any_port = false;
  for (const PolicyRule& rule : rules) {
    anybody = anybody || rule.peers.empty();
    any_port = any_port || rule.ports.empty();
    all.peers.insert(all.peers.end(), rule.peers.begin(), rule.peers.end());
    all.ports.insert(all.ports.end(), rule.ports.begin(), rule.ports.end());
  }
  if (anybody) {
    all.peers.clear();
  }
  if (any_port) {
    all.ports.clear();
  }
  rules = {all};
}

void cross_gate(Gate& gate) {
  if (gate.size() < 2) {
    return;
  }
  Opening all;
  for (const Opening& opening : gate) {
    all.peers.anyone = all.peers.anyone || opening.peers.anyone;
    all.peers.pods.insert(opening.peers.pods.begin(), opening.peers.pods.end());
    all.peers.blocks.insert(
        all.peers.blocks.end(), opening.peers.blocks.begin(), opening.peers.blocks.end());
    all.any_port = all.any_port || opening.any_port;
    all.ports.insert(all.ports.end(), opening.ports.begin(), opening.ports.end());
    all.pod_ports.insert(opening.pod_ports.begin(), opening.pod_ports.end());
  }
  all.ports = merged(std::move(all.ports));
  gate = {all};
}

/// The policies of a pod and direction, each alone, in order.
std::vector<Gate> gates_by_policy(const GateContext& context, const PodId& pod) {
  std::vector<Gate> result;
  const ClusterState& state = context.believed.state;
  for (const NetworkPolicy& policy : state.policies) {
    if (policy.id.namespace_name != pod.namespace_name) {
      continue;
    }
    const Gates alone = gates_of(
        {state.world, {policy}}, context.believed.addresses, context.node, context.direction);
    if (const auto found = alone.find(pod); found != alone.end()) {
      result.push_back(found->second);
    }
  }
  return result;
}

/// Chooses what a pod gets from the gates of its policies, where it has several.
MakeMistake of_several(Gate (*choose)(const std::vector<Gate>&)) {
  return in_gates([choose](Gates& gates, const GateContext& context) {
    for (auto& [pod, gate] : gates) {
      const std::vector<Gate> policies = gates_by_policy(context, pod);
      if (policies.size() > 1) {
        gate = choose(policies);
      }
    }
  });
}

Gate all_of(const std::vector<Gate>& policies) {
  Gate result = policies.front();
  for (std::size_t i = 1; i < policies.size(); ++i) {
    result = common(result, policies[i]);
  }
  return result;
}

Gate deny_wins(const std::vector<Gate>& policies) {
  Gate result;
  for (const Gate& gate : policies) {
    if (gate.empty()) {
      return {};
    }
    result.insert(result.end(), gate.begin(), gate.end());
  }
  return result;
}

std::vector<Fault> several_policies() {
  return {
      {"last-policy-wins",
       "I2",
       "Of the policies that select a pod only the last one counts.",
       Flip::denies,
       {issue("Azure/AKS", 2372), issue("k3s-io/k3s", 3227)},
       of_several([](const std::vector<Gate>& policies) { return policies.back(); })},
      {"first-policy-wins",
       "I2",
       "Of the policies that select a pod only the first one counts.",
       Flip::denies,
       {issue("Azure/AKS", 2372), issue("k3s-io/k3s", 3227)},
       of_several([](const std::vector<Gate>& policies) { return policies.front(); })},
      {"policies-anded",
       "I2",
       "What several policies of a pod allow must be allowed by each of them.",
       Flip::denies,
       {issue("k8snetworkplumbingwg/multi-networkpolicy-iptables", 17)},
       of_several(all_of)},
      {"deny-all-beats-allow",
       "I2",
       "A policy without rules blocks what other policies of the pod allow.",
       Flip::denies,
       {issue("Azure/AKS", 1138)},
       of_several(deny_wins)},
      {"policies-crossed",
       "I2",
       "Peers of one policy are admitted on the ports of another.",
       Flip::allows,
       {issue("Azure/AKS", 1138)},
       in_each_gate(cross_gate)},
  };
}

void lose_portless(Gate& gate) {
  const bool ports = std::any_of(
      gate.begin(), gate.end(), [](const Opening& opening) { return !opening.any_port; });
  if (ports) {
    std::erase_if(gate, [](const Opening& opening) { return opening.any_port; });
  }
}

/// The blocks of openings without ports go where an opening with ports has the same block.
void lose_portless_blocks(Gate& gate) {
  const Gate before = gate;
  for (Opening& opening : gate) {
    if (!opening.any_port) {
      continue;
    }
    std::erase_if(opening.peers.blocks, [&](const BlockPeer& mine) {
      return std::any_of(before.begin(), before.end(), [&](const Opening& other) {
        return !other.any_port &&
               std::any_of(other.peers.blocks.begin(),
                           other.peers.blocks.end(),
                           [&](const BlockPeer& block) { return block.block == mine.block; });
      });
    });
  }
}

std::vector<Fault> several_rules() {
  return {
      {"rules-crossed",
       "I2",
       "Peers of one rule are admitted on the ports of another rule of the policy.",
       Flip::allows,
       {issue("Azure/AKS", 1138)},
       in_rules([](RuleList& rules, Direction) { cross(rules); })},
      {"only-first-rule",
       "I2",
       "Of a policy's rules of one direction only the first one counts.",
       Flip::denies,
       {issue("antrea-io/antrea", 386)},
       in_rules([](RuleList& rules, Direction) {
         rules.resize(std::min<std::size_t>(rules.size(), 1));
       })},
      {"only-last-rule",
       "I2",
       "Of a policy's rules of one direction only the last one counts.",
       Flip::denies,
       {issue("antrea-io/antrea", 386)},
       in_rules([](RuleList& rules, Direction) {
         rules.erase(rules.begin(), rules.end() - (rules.empty() ? 0 : 1));
       })},
      {"rule-without-ports-lost-beside-ports",
       "I2",
       "A rule without ports is lost where another rule of the pod has ports.",
       Flip::denies,
       {issue("Azure/azure-container-networking", 870)},
       in_each_gate(lose_portless)},
      {"block-without-ports-lost-beside-ports",
       "I2",
       "A block is lost from a rule without ports where a rule with ports has the same block.",
       Flip::denies,
       {issue("aws/amazon-network-policy-controller-k8s", 98),
        issue("aws/amazon-network-policy-controller-k8s", 197)},
       in_each_gate(lose_portless_blocks)},
  };
}

}  // namespace

std::vector<Fault> merge_faults() {
  return joined({several_policies, several_rules});
}

}  // namespace nettest
