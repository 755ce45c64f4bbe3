// O2: which number a port name stands for.
#include <algorithm>
#include <optional>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using PortList = std::vector<PolicyPort>;
using Resolved = std::optional<PortList>;

/// The numbers of that name and protocol in a pod; of every protocol when `any_protocol`.
void add_numbers(PortList& ports, const Pod& pod, const PolicyPort& named, bool any_protocol) {
  for (const ContainerPort& port : pod.ports) {
    if (port.name == std::get<std::string>(named.port) &&
        (any_protocol || port.protocol == named.protocol)) {
      ports.push_back({named.protocol, port.port, std::nullopt, {}});
    }
  }
}

std::vector<const Pod*> selected(const RuleContext& context) {
  std::vector<const Pod*> pods;
  for (const Pod& pod : context.believed.state.world.pods) {
    if (pod.id.namespace_name == context.policy.id.namespace_name &&
        selector_holds(context.policy.pod_selector, pod.labels)) {
      pods.push_back(&pod);
    }
  }
  return pods;
}

/// The pods that the rule's connections go to.
std::vector<const Pod*> destinations(const RuleContext& context) {
  return context.direction == Direction::ingress ? selected(context) : peers_of_rule(context);
}

PortList numbers_in(const std::vector<const Pod*>& pods, const PolicyPort& named) {
  PortList ports;
  for (const Pod* pod : pods) {
    add_numbers(ports, *pod, named, /*any_protocol=*/false);
  }
  return ports;
}

Resolved at_source(const RuleContext& context, const PolicyPort& named) {
  if (context.direction == Direction::egress) {
    return std::nullopt;
  }
  return numbers_in(peers_of_rule(context), named);
}

Resolved at_last_pod(const RuleContext& context, const PolicyPort& named) {
  PortList ports = numbers_in(destinations(context), named);
  if (!ports.empty()) {
    ports.erase(ports.begin(), ports.end() - 1);
  }
  return ports;
}

Resolved at_first_pod(const RuleContext& context, const PolicyPort& named) {
  PortList ports = numbers_in(destinations(context), named);
  ports.resize(std::min<std::size_t>(ports.size(), 1));
  return ports;
}

/// Under every protocol that some pod uses the name with.
Resolved whatever_protocol(const RuleContext& context, const PolicyPort& named) {
  PortList ports;
  for (const Pod* pod : destinations(context)) {
    for (const ContainerPort& port : pod->ports) {
      if (port.name == std::get<std::string>(named.port) && port.protocol == named.protocol) {
        for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
          ports.push_back({protocol, port.port, std::nullopt, {}});
        }
      }
    }
  }
  return ports;
}

Resolved nowhere_for_egress(const RuleContext& context, const PolicyPort& /*named*/) {
  return context.direction == Direction::egress ? Resolved(PortList()) : std::nullopt;
}

bool names_a_port(const NetworkPolicy& policy) {
  for (const auto* rules : {&policy.ingress, &policy.egress}) {
    for (const PolicyRule& rule : *rules) {
      if (std::any_of(rule.ports.begin(), rule.ports.end(), [](const PolicyPort& port) {
            return std::holds_alternative<std::string>(port.port);
          })) {
        return true;
      }
    }
  }
  return false;
}

std::vector<Fault> wrong_pod() {
  return {
      {"named-port-on-source",
       "O2",
       "An ingress rule resolves a port name in the pods that it admits.",
       Flip::both,
       {issue("aws/aws-network-policy-agent", 149),
        issue("aws/amazon-network-policy-controller-k8s", 71),
        issue("aws/amazon-network-policy-controller-k8s", 81)},
       in_named_ports(at_source)},
      {"named-port-of-last-pod",
       "O2",
       "A port name stands for its number in the last pod of those it should be looked up in.",
       Flip::both,
       {commit("cloudnativelabs/kube-router", "f0d7f1e1")},
       in_named_ports(at_last_pod)},
      {"named-port-of-first-pod",
       "O2",
       "A port name stands for its number in the first pod of those it should be looked up in.",
       Flip::both,
       {issue("cilium/cilium", 30003)},
       in_named_ports(at_first_pod)},
      {"named-port-union",
       "O2",
       "Every number that a name has in some destination is open on all of them.",
       Flip::allows,
       {issue("noironetworks/aci-containers", 1707), issue("ovn-kubernetes/ovn-kubernetes", 1225)},
       in_named_ports([](const RuleContext& context, const PolicyPort& named) -> Resolved {
         return numbers_in(destinations(context), named);
       })},
  };
}

std::vector<Fault> wrong_meaning() {
  return {
      {"named-port-opens-protocol",
       "O2",
       "A named port opens every port of its protocol.",
       Flip::allows,
       {issue("ovn-kubernetes/ovn-kubernetes", 2117)},
       in_named_ports([](const RuleContext&, const PolicyPort& named) -> Resolved {
         return PortList{{named.protocol, std::monostate{}, std::nullopt, {}}};
       })},
      {"named-port-opens-nothing",
       "O2",
       "A named port opens nothing.",
       Flip::denies,
       {issue("openshift/cluster-monitoring-operator", 2929)},
       in_named_ports(
           [](const RuleContext&, const PolicyPort&) -> Resolved { return PortList(); })},
      {"named-port-egress-opens-nothing",
       "O2",
       "In an egress rule a named port opens nothing.",
       Flip::denies,
       {issue("noironetworks/aci-containers", 697)},
       in_named_ports(nowhere_for_egress)},
      {"named-port-ignores-protocol",
       "O2",
       "A named port is open for every protocol.",
       Flip::allows,
       {issue("ovn-kubernetes/ovn-kubernetes", 2117)},
       in_named_ports(whatever_protocol)},
      {"named-port-drops-policy",
       "O2",
       "A policy with a named port is skipped.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 648)},
       without_policies(names_a_port)},
  };
}

}  // namespace

std::vector<Fault> named_port_faults() {
  return joined({wrong_pod, wrong_meaning});
}

}  // namespace nettest
