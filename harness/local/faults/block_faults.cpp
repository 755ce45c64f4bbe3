// B1 to B5: ipBlock.
#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using PeerList = std::vector<PolicyPeer>;

/// Edits each block of a rule.
MakeMistake in_blocks(std::function<void(IpBlock&)> edit) {
  return in_peers([edit = std::move(edit)](PeerList& peers) {
    for (PolicyPeer& peer : peers) {
      if (peer.ip_block) {
        edit(*peer.ip_block);
      }
    }
  });
}

MakeMistake without_blocks(std::function<bool(const IpBlock&)> lost) {
  return in_peers([lost = std::move(lost)](PeerList& peers) {
    std::erase_if(peers,
                  [&](const PolicyPeer& peer) { return peer.ip_block && lost(*peer.ip_block); });
  });
}

std::vector<Fault> without_except() {
  return {
      {"ignore-except",
       "B1",
       "except has no effect: the whole block is admitted.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 326)},
       in_blocks([](IpBlock& block) { block.except.clear(); })},
      {"only-first-except",
       "B1",
       "Of several except entries only the first one counts.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 326)},
       in_blocks([](IpBlock& block) {
         block.except.resize(std::min<std::size_t>(block.except.size(), 1));
       })},
      {"except-of-everything-ignored",
       "B1",
       "An except that is the whole block has no effect.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 326)},
       in_blocks([](IpBlock& block) {
         std::erase_if(block.except,
                       [&](const WrittenCidr& except) { return except.cidr == block.cidr.cidr; });
       }),
       FaultKind::constant,
       "the API server refuses an except that is not a strict part of its block, and suites may "
       "not "
       "have one either"},
  };
}

/// Takes addresses away from everything that an opening admits.
void deny(Peers& peers, const std::vector<Cidr>& denied) {
  if (denied.empty()) {
    return;
  }
  std::erase_if(peers.pods, [&](const IpAddress& pod) {
    return std::any_of(
        denied.begin(), denied.end(), [&](const Cidr& block) { return block.contains(pod); });
  });
  if (peers.anyone) {
    peers = {false, {}, {{*Cidr::parse("0.0.0.0/0"), {}}, {*Cidr::parse("::/0"), {}}}};
  }
  for (BlockPeer& block : peers.blocks) {
    std::copy_if(
        denied.begin(), denied.end(), std::back_inserter(block.except), [&](const Cidr& one) {
          return one.family() == block.block.family();
        });
  }
}

void except_denies(Gate& gate) {
  std::vector<Cidr> denied;
  for (const Opening& opening : gate) {
    for (const BlockPeer& block : opening.peers.blocks) {
      denied.insert(denied.end(), block.except.begin(), block.except.end());
    }
  }
  for (Opening& opening : gate) {
    deny(opening.peers, denied);
  }
}

/// Within one rule.
void except_denies_in_rule(Gate& gate) {
  for (Opening& opening : gate) {
    Gate alone = {opening};
    except_denies(alone);
    opening = alone.front();
  }
}

/// An except reaches what other rules say of the same block.
void except_leaks(Gate& gate) {
  std::map<Cidr, std::vector<Cidr>> excepts;
  for (const Opening& opening : gate) {
    for (const BlockPeer& block : opening.peers.blocks) {
      auto& all = excepts[block.block];
      all.insert(all.end(), block.except.begin(), block.except.end());
    }
  }
  for (Opening& opening : gate) {
    for (BlockPeer& block : opening.peers.blocks) {
      block.except = excepts[block.block];
    }
  }
}

std::vector<Fault> except_as_deny() {
  return {
      {"except-denies",
       "B2",
       "except is a deny that beats the other rules of the pod.",
       Flip::denies,
       {issue("openshift/sdn", 26), issue("kubernetes/kubernetes", 83191)},
       in_each_gate(except_denies)},
      {"except-denies-in-rule",
       "B2",
       "except is a deny that beats the other peers of its rule.",
       Flip::denies,
       {issue("kubeovn/kube-ovn", 5813)},
       in_each_gate(except_denies_in_rule)},
      {"except-leaks-to-same-block",
       "B2",
       "The except of one rule restricts another rule that names the same block.",
       Flip::denies,
       {issue("aws/amazon-network-policy-controller-k8s", 121)},
       in_each_gate(except_leaks)},
  };
}

template <typename Visit>
void each_other_block(const Gate& gate, const Opening& mine, const Visit& visit) {
  for (const Opening& other : gate) {
    if (&other != &mine) {
      for (const BlockPeer& block : other.peers.blocks) {
        visit(other, block);
      }
    }
  }
}

/// An address has only the ports of the narrowest block that it is in.
void narrowest_wins(Gate& gate) {
  const Gate before = gate;
  for (std::size_t i = 0; i < gate.size(); ++i) {
    each_other_block(before, before[i], [&](const Opening&, const BlockPeer& narrow) {
      for (BlockPeer& wide : gate[i].peers.blocks) {
        if (wide.block != narrow.block && wide.block.contains(narrow.block)) {
          wide.except.push_back(narrow.block);
        }
      }
    });
  }
}

/// A block inside the except of another rule gets that rule's ports.
void inherit_ports(Gate& gate) {
  const Gate before = gate;
  for (const Opening& wide : before) {
    Opening inherited = wide;
    inherited.peers = {};
    each_other_block(before, wide, [&](const Opening&, const BlockPeer& narrow) {
      for (const BlockPeer& block : wide.peers.blocks) {
        if (std::any_of(block.except.begin(), block.except.end(), [&](const Cidr& except) {
              return except.contains(narrow.block);
            })) {
          inherited.peers.blocks.push_back(narrow);
        }
      }
    });
    if (!inherited.peers.blocks.empty()) {
      gate.push_back(inherited);
    }
  }
}

std::vector<Fault> overlaps() {
  return {
      {"narrowest-block-wins",
       "B3",
       "An address gets the ports of the narrowest block only, not those of the wider ones.",
       Flip::denies,
       {issue("aws/aws-network-policy-agent", 104)},
       in_each_gate(narrowest_wins)},
      {"block-inside-except-inherits-ports",
       "B3",
       "A block inside the except of another rule gets the ports of that rule.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 180), issue("aws/aws-network-policy-agent", 344)},
       in_each_gate(inherit_ports)},
      {"only-first-block",
       "B3",
       "Of several blocks of one rule only the first one is admitted.",
       Flip::denies,
       {issue("openshift/ovn-kubernetes", 562)},
       in_peers([](PeerList& peers) {
         bool seen = false;
         std::erase_if(peers, [&](const PolicyPeer& peer) {
           return peer.ip_block && std::exchange(seen, true);
         });
       })},
      {"overlapping-block-dropped",
       "B3",
       "A block that lies inside another block of the same rule takes the wider one's place.",
       Flip::denies,
       {issue("aws/aws-network-policy-agent", 104)},
       in_each_gate([](Gate& gate) {
         for (Opening& opening : gate) {
           const auto before = opening.peers.blocks;
           std::erase_if(opening.peers.blocks, [&](const BlockPeer& wide) {
             return std::any_of(before.begin(), before.end(), [&](const BlockPeer& narrow) {
               return wide.block != narrow.block && wide.block.contains(narrow.block);
             });
           });
         }
       })},
  };
}

bool has_host_bits(const IpBlock& block) {
  const std::string& text = block.cidr.written;
  const auto slash = text.find('/');
  const auto written = IpAddress::parse(text.substr(0, slash));
  return written && block.cidr.cidr && *written != block.cidr.cidr->address();
}

std::vector<Fault> forms() {
  return {
      {"noncanonical-block-lost",
       "B4",
       "A block that is written with host bits (10.10.1.12/24) is lost.",
       Flip::denies,
       {issue("antrea-io/antrea", 1764)},
       without_blocks(has_host_bits)},
      {"zero-block-lost",
       "B4",
       "0.0.0.0/0 is lost.",
       Flip::denies,
       {issue("Azure/azure-container-networking", 599), issue("cloudnativelabs/kube-router", 543)},
       without_blocks(
           [](const IpBlock& block) { return block.cidr.cidr && block.cidr.cidr->length() == 0; })},
      {"noncanonical-block-is-address",
       "B4",
       "A block that is written with host bits admits only the address that is written.",
       Flip::denies,
       {issue("antrea-io/antrea", 1764)},
       in_blocks([](IpBlock& block) {
         if (has_host_bits(block)) {
           const auto written =
               *IpAddress::parse(block.cidr.written.substr(0, block.cidr.written.find('/')));
           block.cidr.cidr = Cidr(written, written.width());
         }
       })},
  };
}

/// No block admits the address of a pod; `of_own_node` limits that to the pods of the node.
void keep_pods_out(Gates& gates, const GateContext& context, bool of_own_node) {
  std::vector<Cidr> pods;
  for (const auto& [pod, addresses] : context.believed.addresses.pods) {
    const auto home = context.believed.addresses.node_of.find(pod);
    if (of_own_node &&
        (home == context.believed.addresses.node_of.end() || home->second != context.node)) {
      continue;
    }
    for (const IpAddress& address : addresses) {
      pods.emplace_back(address, address.width());
    }
  }
  for (auto& [pod, gate] : gates) {
    for (Opening& opening : gate) {
      for (BlockPeer& block : opening.peers.blocks) {
        std::copy_if(
            pods.begin(), pods.end(), std::back_inserter(block.except), [&](const Cidr& one) {
              return one.family() == block.block.family();
            });
      }
    }
  }
}

std::vector<Fault> blocks_and_pods() {
  return {
      {"block-never-matches-pods",
       "B5",
       "ipBlock does not admit pods, whatever their addresses.",
       Flip::denies,
       {issue("cilium/cilium", 9209), issue("AliyunContainerService/terway", 904)},
       in_gates([](Gates& gates, const GateContext& context) {
         keep_pods_out(gates, context, /*of_own_node=*/false);
       })},
      {"block-never-matches-local-pods",
       "B5",
       "ipBlock does not admit the pods of the same node.",
       Flip::denies,
       {issue("cilium/cilium", 9209)},
       in_gates([](Gates& gates, const GateContext& context) {
         keep_pods_out(gates, context, /*of_own_node=*/true);
       })},
  };
}

}  // namespace

std::vector<Fault> block_faults() {
  return joined({without_except, except_as_deny, overlaps, forms, blocks_and_pods});
}

}  // namespace nettest
