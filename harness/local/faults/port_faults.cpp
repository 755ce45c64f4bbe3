// O1, O3, O4, O5: numbers and protocols.
#include <algorithm>
#include <limits>
#include <utility>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using PortList = std::vector<PolicyPort>;

constexpr std::size_t kPortsOfOldCilium = 40;
constexpr std::size_t kPortsOfAws = 24;
constexpr std::size_t kBlocksOfNpm = 4;

std::vector<Fault> ranges() {
  return {
      {"endport-ignored",
       "O1",
       "endPort has no effect: only the first port of a range is open.",
       Flip::denies,
       {issue("Azure/azure-container-networking", 930),
        issue("k8snetworkplumbingwg/multi-networkpolicy-iptables", 13)},
       in_each_port([](PolicyPort& port) { port.end_port.reset(); })},
      {"endport-exclusive",
       "O1",
       "The last port of a range is not part of it.",
       Flip::denies,
       {issue("openshift/ingress-node-firewall", 787)},
       in_each_port([](PolicyPort& port) {
         if (port.end_port && *port.end_port > std::get<Port>(port.port)) {
           --*port.end_port;
         }
       })},
      {"endport-without-end",
       "O1",
       "A range goes on to port 65535.",
       Flip::allows,
       {issue("Azure/azure-container-networking", 930)},
       in_each_port([](PolicyPort& port) {
         if (port.end_port) {
           port.end_port = std::numeric_limits<Port>::max();
         }
       })},
      {"range-drops-rule",
       "O1",
       "An entry with endPort is dropped.",
       Flip::denies,
       {issue("k8snetworkplumbingwg/multi-networkpolicy-iptables", 13)},
       in_ports([](PortList& ports) {
         std::erase_if(ports, [](const PolicyPort& port) { return port.end_port.has_value(); });
       })},
  };
}

bool numberless(const PolicyPort& port) {
  return std::holds_alternative<std::monostate>(port.port);
}

bool is_sctp(const PolicyPort& port) {
  return port.protocol == Protocol::sctp;
}

/// Each entry for every protocol.
void for_every_protocol(PortList& ports) {
  PortList all;
  for (PolicyPort port : ports) {
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
      port.protocol = protocol;
      all.push_back(port);
    }
  }
  ports = std::move(all);
}

/// The rules of a policy that has an SCTP port anywhere are lost.
void sctp_breaks(NetworkPolicy& policy) {
  const auto has_sctp = [](const PolicyRule& rule) {
    return std::any_of(rule.ports.begin(), rule.ports.end(), is_sctp);
  };
  for (auto* rules : {&policy.ingress, &policy.egress}) {
    if (std::any_of(rules->begin(), rules->end(), has_sctp)) {
      rules->clear();
    }
  }
}

std::vector<Fault> protocols() {
  return {
      {"protocol-only-is-port-0",
       "O3",
       "An entry that gives only a protocol opens port 0 instead of every port.",
       Flip::denies,
       {issue("cilium/cilium", 21184)},
       in_each_port([](PolicyPort& port) {
         if (numberless(port)) {
           port.port = Port{0};
         }
       })},
      {"protocol-only-opens-every-protocol",
       "O3",
       "An entry that gives only a protocol opens every protocol.",
       Flip::allows,
       {issue("cilium/cilium", 28703)},
       in_ports([](PortList& ports) {
         if (std::any_of(ports.begin(), ports.end(), numberless)) {
           for_every_protocol(ports);
         }
       })},
      {"protocol-ignored",
       "O3",
       "A port is open for every protocol, whatever the rule says.",
       Flip::allows,
       {issue("Azure/azure-container-networking", 1120)},
       in_ports(for_every_protocol)},
      {"sctp-is-tcp",
       "O3",
       "protocol: SCTP is taken for TCP.",
       Flip::allows,
       {issue("kubernetes/kubernetes", 102509)},
       in_each_port([](PolicyPort& port) {
         port.protocol = is_sctp(port) ? Protocol::tcp : port.protocol;
       })},
      {"udp-is-tcp",
       "O3",
       "protocol: UDP is taken for TCP.",
       Flip::both,
       {issue("Azure/azure-container-networking", 1120)},
       in_each_port([](PolicyPort& port) {
         port.protocol = port.protocol == Protocol::udp ? Protocol::tcp : port.protocol;
       })},
      {"udp-rules-lost",
       "O3",
       "Entries for UDP are dropped in silence.",
       Flip::denies,
       {issue("noironetworks/aci-containers", 1753)},
       in_ports([](PortList& ports) {
         std::erase_if(ports,
                       [](const PolicyPort& port) { return port.protocol == Protocol::udp; });
       })},
      {"sctp-breaks-policy",
       "O3",
       "An SCTP port in a policy makes its other rules of that direction fail.",
       Flip::denies,
       {issue("kubernetes/kubernetes", 87305)},
       in_policies(sctp_breaks)},
      {"port-number-ignored",
       "O3",
       "Of a port only the protocol is enforced.",
       Flip::allows,
       {issue("cilium/cilium", 28703)},
       in_each_port([](PolicyPort& port) {
         port.port = std::monostate{};
         port.end_port.reset();
       })},
  };
}

/// The other port or the other address, without touching pairs of them.
MakeMistake swapped(std::string from, std::string to, Direction direction) {
  return in_program([from = std::move(from), to = std::move(to), direction](NftProgram& program) {
    in_gate_rules(program, direction, [&](std::string& rule) {
      if (rule.find(" . ") == std::string::npos) {
        replace_all(rule, from, to);
      }
    });
  });
}

std::vector<Fault> swaps() {
  return {
      {"source-port-compared-at-ingress",
       "O4",
       "Ingress rules compare the source port.",
       Flip::both,
       {commit("kubernetes-sigs/kube-network-policies", "80f7d12")},
       swapped(" dport ", " sport ", Direction::ingress)},
      {"source-port-compared-at-egress",
       "O4",
       "Egress rules compare the source port.",
       Flip::both,
       {commit("kubernetes-sigs/kube-network-policies", "80f7d12")},
       swapped(" dport ", " sport ", Direction::egress)},
      {"peer-compared-with-own-pod",
       "O4",
       "Ingress rules look for their peers at the destination.",
       Flip::both,
       {commit("kubernetes-sigs/kube-network-policies", "bc6fc74")},
       in_program([](NftProgram& program) {
         in_gate_rules(program, Direction::ingress, [](std::string& rule) {
           replace_all(rule, " saddr ", " daddr ");
         });
       })},
  };
}

std::vector<Fault> limits() {
  return {
      {"more-than-40-ports-lost",
       "O5",
       "Of a rule's ports only the first 40 are open.",
       Flip::denies,
       {issue("cilium/cilium", 1406)},
       in_ports([](PortList& ports) { ports.resize(std::min(ports.size(), kPortsOfOldCilium)); })},
      {"more-than-24-ports-lost",
       "O5",
       "Of a rule's ports only the first 24 are open.",
       Flip::denies,
       {"https://github.com/awsdocs/amazon-eks-user-guide"},
       in_ports([](PortList& ports) { ports.resize(std::min(ports.size(), kPortsOfAws)); })},
      {"more-than-4-blocks-lost",
       "O5",
       "Of a rule's blocks only the first four are admitted.",
       Flip::denies,
       {"https://github.com/MicrosoftDocs/azure-aks-docs"},
       in_peers([](std::vector<PolicyPeer>& peers) {
         std::size_t blocks = 0;
         std::erase_if(peers, [&](const PolicyPeer& peer) {
           return peer.ip_block && ++blocks > kBlocksOfNpm;
         });
       })},
  };
}

}  // namespace

std::vector<Fault> port_faults() {
  return joined({ranges, protocols, swaps, limits});
}

}  // namespace nettest
