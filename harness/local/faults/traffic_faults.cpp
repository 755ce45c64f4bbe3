// N1, N3, F1, S1, S2: services, families, flows and replies.
#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

const char* const kServices = "https://github.com/cloudnativelabs/kube-router/issues/1617";

/// Judges egress by the address, and the port, that the client asked for.
void judge_before_translation(NftProgram& program) {
  in_gate_rules(program, Direction::egress, [](std::string& rule) {
    if (rule.find(" . ") != std::string::npos) {
      return;
    }
    replace_all(rule, " ip daddr ", " ct original ip daddr ");
    replace_all(rule, " ip6 daddr ", " ct original ip6 daddr ");
    for (const char* protocol : {"tcp", "udp", "sctp"}) {
      const std::string word = protocol;
      replace_all(
          rule, " " + word + " dport ", " meta l4proto " + word + " ct original proto-dst ");
    }
  });
}

void judge_service_port(NftProgram& program) {
  in_gate_rules(program, Direction::egress, [](std::string& rule) {
    for (const char* protocol : {"tcp", "udp", "sctp"}) {
      const std::string word = protocol;
      if (rule.find(" . ") == std::string::npos) {
        replace_all(
            rule, " " + word + " dport ", " meta l4proto " + word + " ct original proto-dst ");
      }
    }
  });
}

MakeMistake first_at_egress(const char* rule) {
  return in_program(
      [rule](NftProgram& program) { first_in_gates(program, Direction::egress, rule); });
}

/// The addresses in the set of those that may reach themselves.
std::vector<std::string> endpoints(const NftProgram& program, const std::string& family) {
  const std::string head = "add element inet " + program.table + " hairpin_" + family + " { ";
  std::vector<std::string> addresses;
  for (const std::string& command : program.body) {
    if (!command.starts_with(head)) {
      continue;
    }
    const std::string list = command.substr(head.size(), command.size() - head.size() - 2);
    for (const std::string& pair : split(list, ',')) {
      const auto first = pair.find_first_not_of(' ');
      addresses.push_back(pair.substr(first, pair.find(' ', first) - first));
    }
  }
  return addresses;
}

void admit_siblings(NftProgram& program) {
  for (const std::string family : {"ip", "ip6"}) {
    const auto addresses = endpoints(program, family);
    if (!addresses.empty()) {
      const std::string set = " { " + join(addresses, ", ") + " } ";
      before_gates(
          program,
          "ct status dnat " + family + " saddr" + set + family + " daddr" + set + "accept");
    }
  }
}

std::vector<Fault> services() {
  return {
      {"egress-judged-before-translation",
       "N1",
       "Egress to a service is judged by the service's address and port instead of the pod's.",
       Flip::both,
       {issue("ovn-kubernetes/ovn-kubernetes", 370),
        "https://github.com/aws/aws-network-policy-agent/blob/main/scripts/lib/"
        "verify_test_results.py"},
       in_program(judge_before_translation)},
      {"service-port-judged",
       "N1",
       "Egress to a service is judged by the service's port, with the pod's address.",
       Flip::both,
       {"https://github.com/awsdocs/amazon-eks-user-guide"},
       in_program(judge_service_port)},
      {"service-egress-not-policed",
       "N1",
       "Egress policies have no effect on traffic to services.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 875)},
       first_at_egress("ct status dnat return")},
      {"egress-blocks-services",
       "N1",
       "Pods that are isolated for egress reach no service, whatever the rules allow.",
       Flip::denies,
       {issue("cloudnativelabs/kube-router", 905), kServices},
       first_at_egress("ct status dnat drop")},
      {"hairpin-policed",
       "N3",
       "A pod that reaches itself through its own service is judged by policies.",
       Flip::denies,
       {issue("antrea-io/antrea", 5687),
        issue("cilium/cilium", 11593),
        issue("cilium/cilium", 19406),
        issue("cilium/cilium", 27709),
        issue("openshift/ovn-kubernetes", 408)},
       in_program([](NftProgram& program) {
         std::erase_if(program.hooks, [](const std::string& command) {
           return command.find("forward ct status dnat") != std::string::npos;
         });
       }),
       FaultKind::constant,
       "the documentation leaves open what becomes of such traffic, so that no verdict on it is "
       "wrong"},
      {"hairpin-admits-siblings",
       "N3",
       "The exception for a pod that reaches itself through its service holds for all the pods "
       "behind services on a node.",
       Flip::allows,
       {issue("antrea-io/antrea", 5687)},
       in_program(admit_siblings)},
  };
}

void lose_ipv6(Gate& gate, bool pods, bool blocks) {
  const auto ipv6 = [](const auto& one) { return one.family() == IpFamily::ipv6; };
  for (Opening& opening : gate) {
    if (pods) {
      std::erase_if(opening.peers.pods, ipv6);
    }
    if (blocks) {
      std::erase_if(opening.peers.blocks,
                    [&](const BlockPeer& block) { return ipv6(block.block); });
    }
  }
}

std::vector<Fault> families() {
  return {
      {"ipv6-not-enforced",
       "F1",
       "Policies have no effect on IPv6.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 408),
        commit("cloudnativelabs/kube-router", "0ecb51de")},
       in_program([](NftProgram& program) { before_gates(program, "meta nfproto ipv6 accept"); })},
      {"ipv6-cut-off",
       "F1",
       "An isolated pod loses all of IPv6, whatever the rules allow.",
       Flip::denies,
       {commit("kubernetes-sigs/kube-network-policies", "54e0ddb")},
       in_program([](NftProgram& program) {
         first_in_gates(program, Direction::ingress, "meta nfproto ipv6 drop");
         first_in_gates(program, Direction::egress, "meta nfproto ipv6 drop");
       })},
      {"ipv6-peers-lost",
       "F1",
       "Selectors admit only the IPv4 addresses of pods.",
       Flip::denies,
       {commit("cloudnativelabs/kube-router", "ada3179c")},
       in_each_gate([](Gate& gate) { lose_ipv6(gate, /*pods=*/true, /*blocks=*/false); })},
      {"ipv6-blocks-lost",
       "F1",
       "Blocks of IPv6 addresses are skipped.",
       Flip::denies,
       {"https://github.com/cloudnativelabs/kube-router/blob/master/docs/ipv6.md"},
       in_each_gate([](Gate& gate) { lose_ipv6(gate, /*pods=*/false, /*blocks=*/true); })},
  };
}

Opening for_udp(Opening opening) {
  if (opening.any_port) {
    opening.any_port = false;
    opening.ports = {{Protocol::udp, 0, 65535}};
  } else {
    std::erase_if(opening.ports,
                  [](const GatePorts& ports) { return ports.protocol != Protocol::udp; });
    std::erase_if(opening.pod_ports,
                  [](const PodPort& port) { return port.protocol != Protocol::udp; });
  }
  return opening;
}

Opening everything() {
  Opening all;
  all.peers.anyone = true;
  all.any_port = true;
  return all;
}

/// What each pod ever let through; `keep` says what of it stays open.
using Ever = std::map<std::pair<PodId, Direction>, Gate>;

MakeMistake udp_survives() {
  return [] {
    Mistake mistake;
    mistake.gates = [ever = Ever()](Gates& gates, const GateContext& context) mutable {
      for (const auto& [pod, node] : context.believed.addresses.node_of) {
        if (node != context.node) {
          continue;
        }
        Gate& open = ever[{pod, context.direction}];
        const auto gate = gates.find(pod);
        const Gate now = gate == gates.end() ? Gate{everything()} : gate->second;
        if (gate != gates.end()) {
          gate->second.insert(gate->second.end(), open.begin(), open.end());
        }
        std::transform(now.begin(), now.end(), std::back_inserter(open), for_udp);
      }
    };
    return mistake;
  };
}

MakeMistake removed_rule_survives() {
  return [] {
    Mistake mistake;
    mistake.gates = [ever = Ever()](Gates& gates, const GateContext& context) mutable {
      for (auto& [pod, gate] : gates) {
        Gate& open = ever[{pod, context.direction}];
        const Gate now = gate;
        gate.insert(gate.end(), open.begin(), open.end());
        open.insert(open.end(), now.begin(), now.end());
      }
    };
    return mistake;
  };
}

const char* const kReplies = "forward ct state established,related";

std::vector<Fault> flows() {
  return {
      {"udp-flows-survive-deny",
       "S1",
       "UDP that was once allowed between a pod and its peers stays allowed.",
       Flip::allows,
       {issue("CentaurusInfra/mizar", 305)},
       udp_survives(),
       FaultKind::dynamic},
      {"flows-survive-removed-rule",
       "S1",
       "What a rule allowed stays allowed when the rule goes away.",
       Flip::allows,
       {issue("projectcalico/calico", 2759),
        issue("cilium/cilium", 2408),
        issue("kubernetes-sigs/kube-network-policies", 246)},
       removed_rule_survives(),
       FaultKind::dynamic},
      {"replies-dropped",
       "S2",
       "Replies need to be allowed by policies of their own.",
       Flip::denies,
       {issue("aws/aws-network-policy-agent", 189), issue("aws/aws-network-policy-agent", 318)},
       in_program([](NftProgram& program) {
         std::erase_if(program.hooks, [](const std::string& command) {
           return command.find(kReplies) != std::string::npos;
         });
       })},
      {"udp-replies-dropped",
       "S2",
       "Replies over UDP need to be allowed by policies of their own.",
       Flip::denies,
       {issue("aws/aws-network-policy-agent", 318)},
       in_program([](NftProgram& program) {
         for (std::string& command : program.hooks) {
           replace_all(command, kReplies, std::string(kReplies) + " meta l4proto != udp");
         }
       })},
  };
}

}  // namespace

std::vector<Fault> traffic_faults() {
  return joined({services, families, flows});
}

}  // namespace nettest
