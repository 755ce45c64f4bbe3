// P1, P4, P5, P7: who a rule speaks of.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using PeerList = std::vector<PolicyPeer>;

bool combined(const PolicyPeer& peer) {
  return peer.namespace_selector && peer.pod_selector;
}

void split_combined(PeerList& peers) {
  PeerList result;
  for (const PolicyPeer& peer : peers) {
    result.push_back(peer);
    if (combined(peer)) {
      result.back().pod_selector.reset();
      result.push_back(peer);
      result.back().namespace_selector.reset();
    }
  }
  peers = std::move(result);
}

void drop_if(PeerList& peers, bool (*lost)(const PolicyPeer&)) {
  peers.erase(std::remove_if(peers.begin(), peers.end(), lost), peers.end());
}

void each_combined(PeerList& peers, void (*edit)(PolicyPeer&)) {
  for (PolicyPeer& peer : peers) {
    if (combined(peer)) {
      edit(peer);
    }
  }
}

PolicyPeer everything(IpFamily family) {
  const std::string text = family == IpFamily::ipv4 ? "0.0.0.0/0" : "::/0";
  PolicyPeer peer;
  peer.ip_block = IpBlock{{text, Cidr::parse(text), {}}, {}};
  return peer;
}

/// Keeps the first pod of each namespace.
/// The first address of each family in each namespace.
std::set<IpAddress> firsts_of_namespaces(const std::set<IpAddress>& chosen,
                                         const AddressBook& book) {
  std::set<std::pair<std::string, IpFamily>> known;
  std::set<IpAddress> firsts;
  for (const auto& [id, addresses] : book.pods) {
    for (const IpAddress& address : addresses) {
      if (chosen.contains(address) && known.insert({id.namespace_name, address.family()}).second) {
        firsts.insert(address);
      }
    }
  }
  return firsts;
}

void one_per_namespace(Gates& gates, const GateContext& context) {
  for (auto& [pod, gate] : gates) {
    for (Opening& opening : gate) {
      opening.peers.pods = firsts_of_namespaces(opening.peers.pods, context.believed.addresses);
    }
  }
}

std::vector<Fault> and_or() {
  return {
      {"namespace-and-pod-as-or",
       "P1",
       "A peer with namespaceSelector and podSelector is read as two peers, either of which is "
       "enough.",
       Flip::allows,
       {issue("ahmetb/kubernetes-network-policy-recipes", 27)},
       in_peers(split_combined)},
      {"combined-peer-matches-nobody",
       "P1",
       "A peer with namespaceSelector and podSelector admits nobody.",
       Flip::denies,
       {issue("projectcalico/felix", 1947)},
       in_peers([](PeerList& peers) { drop_if(peers, combined); })},
      {"combined-peer-ignores-pods",
       "P1",
       "Of a peer with both selectors only the namespaceSelector is honoured.",
       Flip::allows,
       {issue("ovn-kubernetes/ovn-kubernetes", 476)},
       in_peers([](PeerList& peers) {
         each_combined(peers, [](PolicyPeer& peer) { peer.pod_selector.reset(); });
       })},
      {"combined-peer-ignores-namespaces",
       "P1",
       "Of a peer with both selectors only the podSelector is honoured, in the policy's own "
       "namespace.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 475)},
       in_peers([](PeerList& peers) {
         each_combined(peers, [](PolicyPeer& peer) { peer.namespace_selector.reset(); });
       })},
      {"combined-peer-in-any-namespace",
       "P1",
       "Of a peer with both selectors only the podSelector is honoured, in every namespace.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 475), issue("ovn-kubernetes/ovn-kubernetes", 476)},
       in_peers([](PeerList& peers) {
         each_combined(peers, [](PolicyPeer& peer) { peer.namespace_selector.emplace(); });
       })},
  };
}

std::vector<Fault> lost_peers() {
  return {
      {"namespace-peer-lost-beside-pods",
       "P1",
       "In a list of peers, one with a namespaceSelector is lost where another has a podSelector.",
       Flip::denies,
       {issue("cloudnativelabs/kube-router", 412)},
       in_peers([](PeerList& peers) {
         const bool pods = std::any_of(peers.begin(), peers.end(), [](const PolicyPeer& peer) {
           return peer.pod_selector && !peer.namespace_selector;
         });
         if (pods) {
           drop_if(peers, [](const PolicyPeer& peer) {
             return peer.namespace_selector && !peer.pod_selector;
           });
         }
       })},
      {"only-first-peer",
       "P1",
       "Of a list of peers only the first one counts.",
       Flip::denies,
       {issue("cilium/cilium", 24312)},
       in_peers([](PeerList& peers) { peers.resize(1); })},
      {"only-last-peer",
       "P1",
       "Of a list of peers only the last one counts: each overwrites the one before.",
       Flip::denies,
       {issue("cilium/cilium", 24312), issue("cloudnativelabs/kube-router", 412)},
       in_peers([](PeerList& peers) { peers.erase(peers.begin(), peers.end() - 1); })},
      {"one-peer-pod-per-namespace",
       "P1",
       "A table of peers is keyed by namespace, so that one matching pod of each is admitted.",
       Flip::denies,
       {issue("openshift/origin", 21196)},
       in_gates(one_per_namespace)},
  };
}

/// Copies each policy into every other namespace, with its own one still meant by its peers.
/// Binds the peers that name no namespace to the one that they mean.
void bind_peers(std::vector<PolicyRule>& rules, const std::string& namespace_name) {
  for (PolicyRule& rule : rules) {
    for (PolicyPeer& peer : rule.peers) {
      if (peer.pod_selector && !peer.namespace_selector) {
        peer.namespace_selector.emplace().match_labels = {
            {"kubernetes.io/metadata.name", namespace_name}};
      }
    }
  }
}

void spread_policies(Believed& believed) {
  std::vector<NetworkPolicy> all = believed.state.policies;
  for (const NetworkPolicy& original : believed.state.policies) {
    NetworkPolicy copy = original;
    bind_peers(copy.ingress, original.id.namespace_name);
    bind_peers(copy.egress, original.id.namespace_name);
    for (const Namespace& ns : believed.state.world.namespaces) {
      if (ns.name != original.id.namespace_name && !ns.system) {
        copy.id.namespace_name = ns.name;
        all.push_back(copy);
      }
    }
  }
  believed.state.policies = std::move(all);
}

/// A pod's own label decides which namespace's policies it is under.
void namespace_by_label(Believed& believed) {
  static const std::string key = "io.kubernetes.pod.namespace";
  Choosing choosing;
  choosing.target = [](const LabelSelector& selector, const Pod& pod) {
    const auto claimed = pod.labels.find(key);
    return (claimed == pod.labels.end() || claimed->second == pod.id.namespace_name) &&
           selector_holds(selector, pod.labels);
  };
  select_by(believed, choosing);
}

std::vector<Fault> namespaces() {
  return {
      {"pod-peer-in-any-namespace",
       "P4",
       "A peer with only a podSelector admits matching pods of every namespace.",
       Flip::allows,
       {issue("cilium/cilium", 46456)},
       in_peers([](PeerList& peers) {
         for (PolicyPeer& peer : peers) {
           if (peer.pod_selector && !peer.namespace_selector) {
             peer.namespace_selector.emplace();
           }
         }
       })},
      {"policy-in-every-namespace",
       "P4",
       "A policy isolates matching pods of every namespace.",
       Flip::denies,
       {issue("golang/vulndb", 2083)},
       in_beliefs(spread_policies)},
      {"block-admits-own-namespace",
       "P4",
       "A peer with an ipBlock also admits every pod of the policy's namespace.",
       Flip::allows,
       {issue("cilium/cilium", 46456)},
       in_peers([](PeerList& peers) {
         if (std::any_of(peers.begin(), peers.end(), [](const PolicyPeer& peer) {
               return peer.ip_block.has_value();
             })) {
           peers.emplace_back().pod_selector.emplace();
         }
       })},
      {"namespace-by-pod-label",
       "P4",
       "A pod's label io.kubernetes.pod.namespace decides under which namespace's policies it is.",
       Flip::allows,
       {issue("golang/vulndb", 2081)},
       in_beliefs(namespace_by_label)},
  };
}

bool nobody(const Opening& opening) {
  return !opening.peers.anyone && opening.peers.pods.empty() && opening.peers.blocks.empty();
}

void open_for_lack_of_peers(Gate& gate) {
  for (Opening& opening : gate) {
    opening.peers.anyone = opening.peers.anyone || nobody(opening);
  }
}

/// Remembers which gates had peers, and opens those whose last one has gone.
MakeMistake last_peer_opens() {
  return [] {
    Mistake mistake;
    mistake.gates = [seen = std::map<std::tuple<PodId, Direction, std::size_t>, bool>()](
                        Gates& gates, const GateContext& context) mutable {
      for (auto& [pod, gate] : gates) {
        for (std::size_t i = 0; i < gate.size(); ++i) {
          bool& had_peers = seen[{pod, context.direction, i}];
          had_peers = had_peers || !nobody(gate[i]);
          gate[i].peers.anyone = gate[i].peers.anyone || (had_peers && nobody(gate[i]));
        }
      }
    };
    return mistake;
  };
}

/// Each peer with a selector also admits what is no pod's address.
std::vector<WrittenCidr> blocks_of_pods(const Believed& believed) {
  std::vector<WrittenCidr> blocks;
  for (const Pod& pod : believed.state.world.pods) {
    const auto found = believed.addresses.pods.find(pod.id);
    if (pod.host_network || found == believed.addresses.pods.end()) {
      continue;
    }
    for (const IpAddress& address : found->second) {
      const Cidr alone(address, address.width());
      blocks.push_back({to_string(alone), alone, {}});
    }
  }
  return blocks;
}

PolicyPeer outside(const std::vector<WrittenCidr>& pods, IpFamily family) {
  PolicyPeer peer = everything(family);
  std::copy_if(pods.begin(),
               pods.end(),
               std::back_inserter(peer.ip_block->except),
               [&](const WrittenCidr& pod) { return pod.cidr->family() == family; });
  return peer;
}

void admit_outsiders(Believed& believed) {
  const auto edit = in_peers([pods = blocks_of_pods(believed)](PeerList& peers) {
    const bool chooses_pods = std::any_of(
        peers.begin(), peers.end(), [](const PolicyPeer& peer) { return !peer.ip_block; });
    if (chooses_pods) {
      peers.push_back(outside(pods, IpFamily::ipv4));
      peers.push_back(outside(pods, IpFamily::ipv6));
    }
  });
  static const std::string no_node;
  edit().beliefs(believed, {believed.state, believed.addresses, no_node, 0});
}

std::vector<Fault> nobody_and_outsiders() {
  return {
      {"no-peer-means-everybody",
       "P5",
       "A rule whose selectors choose no pod loses its restriction and admits everybody.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 85)},
       in_each_gate(open_for_lack_of_peers)},
      {"no-peer-means-no-isolation",
       "P5",
       "Where a rule's selectors choose no pod, the pods of the policy are not isolated at all.",
       Flip::allows,
       {issue("kubeovn/kube-ovn", 1935)},
       in_gates([](Gates& gates, const GateContext&) {
         std::erase_if(gates, [](const auto& entry) {
           return std::any_of(entry.second.begin(), entry.second.end(), nobody);
         });
       })},
      {"last-peer-gone-opens",
       "P5",
       "When the last pod that a rule admits goes away, the rule admits everybody.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 85)},
       last_peer_opens(),
       FaultKind::dynamic},
      {"selector-admits-outsiders",
       "P7",
       "A selector holds for every address that is not a pod's.",
       Flip::allows,
       {commit("kubernetes-sigs/kube-network-policies", "84a939b")},
       in_beliefs(admit_outsiders),
       FaultKind::constant,
       "it shows on traffic from or to addresses that are no pod's, and worlds hold pods only"},
  };
}

}  // namespace

std::vector<Fault> peer_faults() {
  return joined({and_or, lost_peers, namespaces, nobody_and_outsiders});
}

}  // namespace nettest
