#include "harness/local/policy_compiler.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "harness/local/interface_name.hpp"

namespace nettest {

namespace {

/// The words of nftables for one family.
struct FamilyWords {
  IpFamily family;
  std::string_view ip;
  std::string_view type;
  std::string_view nfproto;
};

constexpr std::array<FamilyWords, 2> kFamilies = {
    {{IpFamily::ipv4, "ip", "ipv4_addr", "ipv4"}, {IpFamily::ipv6, "ip6", "ipv6_addr", "ipv6"}}};
constexpr std::array<Protocol, 3> kProtocols = {Protocol::tcp, Protocol::udp, Protocol::sctp};

std::string word(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp:
      return "tcp";
    case Protocol::udp:
      return "udp";
    case Protocol::sctp:
      return "sctp";
  }
  return "";
}

/// One chain with its direction: the peer of an egress gate is the destination.
struct GateWriter {
  NftBuilder& nft;
  std::string chain;
  Direction direction;

  [[nodiscard]] std::string peer_address(const FamilyWords& words) const {
    return std::string(words.ip) + (direction == Direction::egress ? " daddr " : " saddr ");
  }
};

std::string port_element(const GatePorts& range) {
  const std::string first = std::to_string(range.first);
  return range.first == range.last ? first : first + "-" + std::to_string(range.last);
}

/// The matches on ports of a rule, one per protocol; one empty text for any port.
std::vector<std::string> port_matches(const Opening& opening) {
  if (opening.any_port) {
    return {""};
  }
  std::vector<std::string> matches;
  for (const Protocol protocol : kProtocols) {
    std::vector<std::string> elements;
    bool whole = false;
    for (const GatePorts& range : opening.ports) {
      if (range.protocol == protocol) {
        elements.push_back(port_element(range));
        whole = whole || range == GatePorts{protocol, 0, 65535};
      }
    }
    if (whole) {
      matches.push_back("meta l4proto " + word(protocol) + " ");
    } else if (!elements.empty()) {
      matches.push_back(word(protocol) + " dport { " + join(elements, ", ") + " } ");
    }
  }
  return matches;
}

std::vector<std::string> block_elements(const std::vector<Cidr>& blocks) {
  std::vector<std::string> elements;
  elements.reserve(blocks.size());
  for (const Cidr& block : blocks) {
    elements.push_back(to_string(block));
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return elements;
}

std::string block_match(const GateWriter& writer, const FamilyWords& words, const BlockPeer& peer) {
  // nftables has no prefix of length 0: then the family is all that is asked for.
  const auto inside = [&](const Cidr& block) {
    return block.length() == 0 ? "meta nfproto " + std::string(words.nfproto) + " "
                               : writer.peer_address(words) + to_string(block) + " ";
  };
  std::string match = inside(peer.block);
  if (!peer.except.empty()) {
    match +=
        writer.peer_address(words) + "!= " +
        writer.nft.set(
            std::string(words.type), block_elements(peer.except), "flags interval; auto-merge;") +
        " ";
  }
  return match;
}

/// The matches on the other end, one per rule that is needed.
std::vector<std::string> peer_matches(const GateWriter& writer, const Peers& peers) {
  if (peers.anyone) {
    return {""};
  }
  std::vector<std::string> matches;
  for (const FamilyWords& words : kFamilies) {
    std::vector<std::string> pods;
    for (const IpAddress& address : peers.pods) {
      if (address.family() == words.family) {
        pods.push_back(to_string(address));
      }
    }
    if (!pods.empty()) {
      matches.push_back(writer.peer_address(words) + writer.nft.set(std::string(words.type), pods) +
                        " ");
    }
    for (const BlockPeer& block : peers.blocks) {
      const bool nothing_left =
          std::any_of(block.except.begin(), block.except.end(), [&](const Cidr& except) {
            return except.contains(block.block);
          });
      if (block.block.family() == words.family && !nothing_left) {
        matches.push_back(block_match(writer, words, block));
      }
    }
  }
  return matches;
}

/// Named ports of egress rules: pairs of a pod's address and its port.
void write_pod_ports(const GateWriter& writer, const std::set<PodPort>& pod_ports) {
  for (const FamilyWords& words : kFamilies) {
    for (const Protocol protocol : kProtocols) {
      std::vector<std::string> elements;
      for (const PodPort& port : pod_ports) {
        if (port.address.family() == words.family && port.protocol == protocol) {
          elements.push_back(to_string(port.address) + " . " + std::to_string(port.port));
        }
      }
      if (!elements.empty()) {
        writer.nft.rule(writer.chain,
                        std::string(words.ip) + " daddr . " + word(protocol) + " dport " +
                            writer.nft.set(std::string(words.type) + " . inet_service", elements) +
                            " return");
      }
    }
  }
}

void write_gate(const GateWriter& writer, const Gate& gate) {
  writer.nft.chain(writer.chain);
  for (const Opening& opening : gate) {
    for (const std::string& peer : peer_matches(writer, opening.peers)) {
      for (const std::string& port : port_matches(opening)) {
        writer.nft.rule(writer.chain, peer + port + "return");
      }
    }
    write_pod_ports(writer, opening.pod_ports);
  }
  writer.nft.rule(writer.chain, "drop");
}

/// Writes the chains of one direction; says which chain is whose.
std::map<PodId, std::string> write_chains(NftBuilder& nft,
                                          const Gates& gates,
                                          Direction direction) {
  std::map<Gate, std::string> chains;
  std::map<PodId, std::string> chain_of;
  for (const auto& [pod, gate] : gates) {
    const auto [found, is_new] =
        chains.try_emplace(gate, std::string(to_string(direction)) + std::to_string(chains.size()));
    if (is_new) {
      write_gate({nft, found->second, direction}, gate);
    }
    chain_of.emplace(pod, found->second);
  }
  return chain_of;
}

/// Writes the chains of one direction and the map that leads to them; returns the map's name.
std::string write_direction(NftBuilder& nft,
                            const Gates& gates,
                            Direction direction,
                            const AddressBook& addresses) {
  std::vector<std::string> elements;
  for (const auto& [pod, chain] : write_chains(nft, gates, direction)) {
    elements.push_back("\"" + interface_name(addresses.pods.at(pod)) + "\" : jump " + chain);
  }
  return nft.map("by_" + std::string(to_string(direction)), "ifname : verdict", elements);
}

/// The same with a map for each family, which is looked up with the pod's own end of a packet.
void write_direction_by_address(NftBuilder& nft,
                                const Gates& gates,
                                Direction direction,
                                const AddressBook& addresses) {
  const std::map<PodId, std::string> chain_of = write_chains(nft, gates, direction);
  const std::string own = direction == Direction::egress ? " saddr " : " daddr ";
  for (const FamilyWords& words : kFamilies) {
    const std::string ip(words.ip);
    std::vector<std::string> elements;
    for (const auto& [pod, chain] : chain_of) {
      if (const auto address = address_of(addresses.pods.at(pod), words.family)) {
        elements.push_back(to_string(*address) + " : jump " + chain);
      }
    }
    const std::string map = nft.map("by_" + std::string(to_string(direction)) + "_" + ip,
                                    std::string(words.type) + " : verdict",
                                    elements);
    nft.base_rule("forward", ip + own + "vmap " + map);
  }
}

/// Lets through what a pod sends to itself through a service.
void write_own_services(NftBuilder& nft, const NodeGates& gates, const AddressBook& addresses) {
  std::set<IpAddress> own;
  for (const Gates* direction : {&gates.egress, &gates.ingress}) {
    for (const auto& [pod, gate] : *direction) {
      own.insert(addresses.pods.at(pod).begin(), addresses.pods.at(pod).end());
    }
  }
  for (const FamilyWords& words : kFamilies) {
    const std::string ip(words.ip);
    std::vector<std::string> elements;
    for (const IpAddress& address : own) {
      if (address.family() == words.family) {
        elements.push_back(to_string(address) + " . " + to_string(address));
      }
    }
    const std::string set = "itself_" + ip;
    nft.named_set(set, std::string(words.type) + " . " + std::string(words.type), elements);
    nft.base_rule("forward",
                  "ct status dnat " + ip + " saddr . " + ip + " daddr @" + set + " accept");
  }
}

}  // namespace

NodeGates node_gates(const ClusterState& state,
                     const AddressBook& addresses,
                     const std::string& node) {
  return {gates_of(state, addresses, node, Direction::egress),
          gates_of(state, addresses, node, Direction::ingress)};
}

void write_filter(NftBuilder& nft, const NodeGates& gates, const AddressBook& addresses) {
  const std::string egress = write_direction(nft, gates.egress, Direction::egress, addresses);
  const std::string ingress = write_direction(nft, gates.ingress, Direction::ingress, addresses);
  nft.base_chain("forward", "type filter hook forward priority filter; policy accept;");
  // Also keeps connection tracking on while there is no policy.
  nft.base_rule("forward", "ct state established,related accept");
  // A pod that reached itself through a service.
  nft.base_rule("forward", "ct status dnat ip saddr . ip daddr @hairpin_ip accept");
  nft.base_rule("forward", "ct status dnat ip6 saddr . ip6 daddr @hairpin_ip6 accept");
  nft.base_rule("forward", "iifname vmap " + egress);
  nft.base_rule("forward", "oifname vmap " + ingress);
}

void write_filter_by_address(NftBuilder& nft,
                             const NodeGates& gates,
                             const AddressBook& addresses) {
  nft.base_chain("forward", "type filter hook forward priority filter; policy accept;");
  nft.base_rule("forward", "ct state related accept");
  nft.base_rule("forward", "ct direction reply ct state established accept");
  write_own_services(nft, gates, addresses);
  write_direction_by_address(nft, gates.egress, Direction::egress, addresses);
  write_direction_by_address(nft, gates.ingress, Direction::ingress, addresses);
}

}  // namespace nettest
