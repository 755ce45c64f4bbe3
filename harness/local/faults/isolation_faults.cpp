// P6, I1, I3, I4, I5: which pods are isolated at all, and in which direction.
#include <algorithm>
#include <set>
#include <utility>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

/// nftables took comments of up to 128 bytes; what the plugin put around the names is 50 or so.
constexpr std::size_t kLongestNames = 78;

void isolate(NetworkPolicy& policy, bool ingress, bool egress) {
  policy.isolates_ingress = ingress;
  policy.isolates_egress = egress;
}

std::vector<Fault> empty_rules() {
  return {
      {"deny-all-not-built",
       "P6",
       "A direction for which a policy gives no rule is not isolated by it.",
       Flip::allows,
       {issue("antrea-io/antrea", 131)},
       in_policies([](NetworkPolicy& policy) {
         isolate(policy,
                 policy.isolates_ingress && !policy.ingress.empty(),
                 policy.isolates_egress && !policy.egress.empty());
       })},
      {"deny-all-egress-not-built",
       "P6",
       "An egress policy without rules does not isolate.",
       Flip::allows,
       {issue("antrea-io/antrea", 574)},
       in_policies([](NetworkPolicy& policy) {
         isolate(policy, policy.isolates_ingress, policy.isolates_egress && !policy.egress.empty());
       })},
      {"allow-all-not-built",
       "P6",
       "A rule without peers and ports, which admits everything, is lost.",
       Flip::denies,
       {issue("antrea-io/antrea", 131)},
       in_rules([](std::vector<PolicyRule>& rules, Direction) {
         std::erase_if(rules, [](const PolicyRule& rule) {
           return rule.peers.empty() && rule.ports.empty();
         });
       })},
      {"rule-without-peers-lost",
       "P6",
       "A rule with ports and without peers admits nobody.",
       Flip::denies,
       {issue("antrea-io/antrea", 2383)},
       in_rules([](std::vector<PolicyRule>& rules, Direction) {
         std::erase_if(rules, [](const PolicyRule& rule) {
           return rule.peers.empty() && !rule.ports.empty();
         });
       })},
      {"rule-without-ports-lost",
       "P6",
       "A rule with peers and without ports admits nothing.",
       Flip::denies,
       {issue("antrea-io/antrea", 2383)},
       in_rules([](std::vector<PolicyRule>& rules, Direction) {
         std::erase_if(rules, [](const PolicyRule& rule) {
           return !rule.peers.empty() && rule.ports.empty();
         });
       })},
  };
}

/// Where a namespace has an egress policy, pods that are isolated for ingress are for egress too.
void egress_by_contagion(Believed& believed) {
  std::set<std::string> contagious;
  for (const NetworkPolicy& policy : believed.state.policies) {
    if (policy.isolates_egress) {
      contagious.insert(policy.id.namespace_name);
    }
  }
  for (NetworkPolicy& policy : believed.state.policies) {
    policy.isolates_egress =
        policy.isolates_egress || contagious.contains(policy.id.namespace_name);
  }
}

std::vector<Fault> directions() {
  return {
      {"ignore-policy-types",
       "I1",
       "policyTypes are not read: a policy isolates for ingress, and for egress if it has egress "
       "rules.",
       Flip::both,
       {commit("cloudnativelabs/kube-router", "7777b9a8")},
       in_policies([](NetworkPolicy& policy) { isolate(policy, true, !policy.egress.empty()); })},
      {"policy-types-from-rules",
       "I1",
       "A policy isolates in the directions that it has rules for, and only there.",
       Flip::both,
       {commit("cloudnativelabs/kube-router", "7777b9a8")},
       in_policies([](NetworkPolicy& policy) {
         isolate(policy, !policy.ingress.empty(), !policy.egress.empty());
       })},
      {"every-policy-isolates-both-ways",
       "I1",
       "A policy for one direction isolates in both.",
       Flip::denies,
       {issue("projectcalico/felix", 1180)},
       in_policies([](NetworkPolicy& policy) { isolate(policy, true, true); })},
      {"egress-isolates-ingress",
       "I1",
       "A policy for egress isolates for ingress too.",
       Flip::denies,
       {issue("projectcalico/felix", 1180)},
       in_policies([](NetworkPolicy& policy) { isolate(policy, true, policy.isolates_egress); })},
      {"egress-isolation-spreads",
       "I1",
       "Where a namespace has an egress policy for some pods, every pod that is isolated for "
       "ingress is isolated for egress.",
       Flip::denies,
       {issue("openshift/sdn", 406)},
       in_beliefs(egress_by_contagion)},
      {"egress-not-enforced",
       "I1",
       "Policies have no effect on egress.",
       Flip::allows,
       {issue("aporeto-inc/kubepox", 15)},
       in_policies([](NetworkPolicy& policy) { isolate(policy, policy.isolates_ingress, false); })},
      {"ingress-not-enforced",
       "I1",
       "Policies have no effect on ingress.",
       Flip::allows,
       {issue("aporeto-inc/kubepox", 15)},
       in_policies([](NetworkPolicy& policy) { isolate(policy, false, policy.isolates_egress); })},
      {"directions-swapped",
       "I1",
       "Ingress rules are enforced for egress, and the other way round.",
       Flip::both,
       {issue("aporeto-inc/kubepox", 15)},
       in_policies([](NetworkPolicy& policy) {
         std::swap(policy.isolates_ingress, policy.isolates_egress);
         std::swap(policy.ingress, policy.egress);
       })},
  };
}

/// Every gate lets through what comes from, or goes to, the pods of its own node.
void open_on_own_node(Gates& gates, const GateContext& context) {
  Opening local;
  local.any_port = true;
  for (const auto& [pod, node] : context.believed.addresses.node_of) {
    const auto found = context.believed.addresses.pods.find(pod);
    if (node == context.node && found != context.believed.addresses.pods.end()) {
      local.peers.pods.insert(found->second.begin(), found->second.end());
    }
  }
  for (auto& [pod, gate] : gates) {
    gate.push_back(local);
  }
}

std::vector<Fault> one_end() {
  return {
      {"egress-allow-skips-ingress",
       "I3",
       "What an egress rule allows is not judged at the destination, where both are on one node.",
       Flip::allows,
       {issue("k3s-io/k3s", 2390)},
       in_program([](NftProgram& program) {
         in_gate_rules(program, Direction::egress, [](std::string& rule) {
           replace_all(rule, "return", "accept");
         });
       })},
      {"same-node-not-policed",
       "I3",
       "Traffic between pods of one node passes no policy.",
       Flip::allows,
       {issue("kubernetes/kubernetes", 68055)},
       in_gates(open_on_own_node)},
      {"same-node-service-not-policed",
       "I3",
       "Traffic to a service passes no ingress policy where its pod is on the node of the client.",
       Flip::allows,
       {issue("kubernetes/kubernetes", 68055)},
       in_program([](NftProgram& program) {
         first_in_gates(program, Direction::ingress, "ct status dnat return");
       })},
  };
}

bool whole_protocol(const PolicyPort& port) {
  return std::holds_alternative<std::monostate>(port.port);
}

bool speaks_of(const NetworkPolicy& policy, bool (*wanted)(const PolicyPort&)) {
  for (const auto* rules : {&policy.ingress, &policy.egress}) {
    for (const PolicyRule& rule : *rules) {
      if (std::any_of(rule.ports.begin(), rule.ports.end(), wanted)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<Fault> dropped_policies() {
  return {
      {"no-enforcement",
       "I4",
       "Policies are taken and never enforced.",
       Flip::allows,
       {issue("flannel-io/flannel", 558), issue("k3s-io/k3s", 445)},
       without_policies([](const NetworkPolicy&) { return true; })},
      {"port-without-number-drops-policy",
       "I4",
       "A policy with a port entry that gives no number is dropped.",
       Flip::allows,
       {issue("cilium/cilium", 14678)},
       without_policies(
           [](const NetworkPolicy& policy) { return speaks_of(policy, whole_protocol); })},
      {"protocol-only-stops-programming",
       "I4",
       "A port entry that gives no number is a syntax error: its policy and all that come later "
       "are not programmed.",
       Flip::allows,
       {commit("cloudnativelabs/kube-router", "79ef16b4")},
       in_beliefs([](Believed& believed) {
         auto& policies = believed.state.policies;
         policies.erase(std::find_if(policies.begin(),
                                     policies.end(),
                                     [](const NetworkPolicy& policy) {
                                       return speaks_of(policy, whole_protocol);
                                     }),
                        policies.end());
       })},
      {"label-host-switches-off",
       "I4",
       "A pod with a label whose key is \"host\" is not policed at all.",
       Flip::allows,
       {issue("cilium/cilium", 48027)},
       in_gates([](Gates& gates, const GateContext& context) {
         std::erase_if(gates, [&](const auto& entry) {
           const Pod* const pod = find_pod(context.believed.state.world, entry.first);
           return pod != nullptr && pod->labels.contains("host");
         });
       })},
      {"long-names-drop-policy",
       "I4",
       "A policy is dropped where the names of it and its namespace are long.",
       Flip::allows,
       {commit("cloudnativelabs/kube-router", "703c8435")},
       without_policies([](const NetworkPolicy& policy) {
         return policy.id.namespace_name.size() + policy.id.name.size() > kLongestNames;
       })},
  };
}

/// Of the pods with the same gate, only the first of each namespace has it.
void first_pod_only(Gates& gates, const GateContext& /*context*/) {
  std::set<std::pair<std::string, Gate>> known;
  std::erase_if(gates, [&](const auto& entry) {
    return !known.insert({entry.first.namespace_name, entry.second}).second;
  });
}

/// A policy is programmed only on a node that has all the pods it selects.
void whole_on_one_node(Believed& believed, const NodeInput& input) {
  std::erase_if(believed.state.policies, [&](const NetworkPolicy& policy) {
    const auto& pods = believed.state.world.pods;
    return std::any_of(pods.begin(), pods.end(), [&](const Pod& pod) {
      const auto home = believed.addresses.node_of.find(pod.id);
      return pod.id.namespace_name == policy.id.namespace_name &&
             selector_holds(policy.pod_selector, pod.labels) &&
             home != believed.addresses.node_of.end() && home->second != input.node;
    });
  });
}

std::vector<Fault> partial_targets() {
  return {
      {"only-first-selected-pod",
       "I5",
       "Of the pods of a node that a policy selects, only the first one is policed.",
       Flip::allows,
       {issue("antrea-io/antrea", 2084)},
       in_gates(first_pod_only)},
      {"second-node-not-programmed",
       "I5",
       "One of the nodes never gets any policy.",
       Flip::allows,
       {issue("antrea-io/antrea", 5554), issue("antrea-io/antrea", 234)},
       in_gates([](Gates& gates, const GateContext& context) {
         if (context.node == "n2") {
           gates.clear();
         }
       })},
      {"policy-needs-all-pods-on-node",
       "I5",
       "A policy that selects pods of several nodes is programmed on none of them.",
       Flip::allows,
       {issue("antrea-io/antrea", 2084)},
       [] {
         Mistake mistake;
         mistake.beliefs = whole_on_one_node;
         return mistake;
       }},
  };
}

}  // namespace

std::vector<Fault> isolation_faults() {
  return joined({empty_rules, directions, one_end, dropped_policies, partial_targets});
}

}  // namespace nettest
