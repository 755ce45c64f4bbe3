#include "harness/local/policy_gates.hpp"

#include <algorithm>
#include <utility>

namespace nettest {

namespace {

/// The state, indexed for the questions that rules ask.
struct View {
  const ClusterState& state;
  const AddressBook& addresses;
  std::map<std::string, const Labels*> namespace_labels;
};

View view_of(const ClusterState& state, const AddressBook& addresses) {
  View view{state, addresses, {}};
  for (const Namespace& ns : state.world.namespaces) {
    view.namespace_labels[ns.name] = &ns.labels;
  }
  return view;
}

bool holds(const SelectorRequirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  const bool present = found != labels.end();
  const bool listed =
      present && std::find(requirement.values.begin(), requirement.values.end(), found->second) !=
                     requirement.values.end();
  switch (requirement.op) {
    case SelectorOperator::in:
      return listed;
    case SelectorOperator::not_in:
      return !listed;
    case SelectorOperator::exists:
      return present;
    case SelectorOperator::does_not_exist:
      return !present;
  }
  return false;
}

const std::vector<IpAddress>& addresses_of(const View& view, const PodId& id) {
  static const std::vector<IpAddress> none;
  const auto found = view.addresses.pods.find(id);
  return found == view.addresses.pods.end() ? none : found->second;
}

/// A peer without namespaceSelector means the policy's own namespace; without podSelector, every
/// pod of the namespaces.
bool selects_pod(const View& view,
                 const std::string& policy_namespace,
                 const PolicyPeer& peer,
                 const Pod& pod) {
  if (peer.namespace_selector) {
    const auto labels = view.namespace_labels.find(pod.id.namespace_name);
    if (labels == view.namespace_labels.end() ||
        !selector_holds(*peer.namespace_selector, *labels->second)) {
      return false;
    }
  } else if (pod.id.namespace_name != policy_namespace) {
    return false;
  }
  return !peer.pod_selector || selector_holds(*peer.pod_selector, pod.labels);
}

std::optional<BlockPeer> block_of(const IpBlock& written) {
  if (!written.cidr.cidr) {
    return std::nullopt;
  }
  BlockPeer block{*written.cidr.cidr, {}};
  for (const WrittenCidr& except : written.except) {
    if (except.cidr) {
      block.except.push_back(*except.cidr);
    }
  }
  return block;
}

Peers peers_of(const View& view,
               const std::string& policy_namespace,
               const std::vector<PolicyPeer>& written) {
  Peers peers;
  peers.anyone = written.empty();
  for (const PolicyPeer& peer : written) {
    if (peer.ip_block) {
      if (auto block = block_of(*peer.ip_block)) {
        peers.blocks.push_back(std::move(*block));
      }
      continue;
    }
    for (const Pod& pod : view.state.world.pods) {
      // A pod on its node's network has the node's address, which no selector means.
      if (!pod.host_network && selects_pod(view, policy_namespace, peer, pod)) {
        const auto& own = addresses_of(view, pod.id);
        peers.pods.insert(own.begin(), own.end());
      }
    }
  }
  return peers;
}

bool contains(const BlockPeer& peer, const IpAddress& address) {
  return peer.block.contains(address) &&
         std::none_of(peer.except.begin(), peer.except.end(), [&](const Cidr& except) {
           return except.contains(address);
         });
}

bool contains(const Peers& peers, const IpAddress& address) {
  return peers.anyone || peers.pods.contains(address) ||
         std::any_of(peers.blocks.begin(), peers.blocks.end(), [&](const BlockPeer& block) {
           return contains(block, address);
         });
}

/// The ports of a pod that carry the name, with the protocol that the rule asks for.
std::vector<Port> named_ports(const Pod& pod, const PolicyPort& wanted) {
  std::vector<Port> found;
  for (const ContainerPort& port : pod.ports) {
    if (port.name == std::get<std::string>(wanted.port) && port.protocol == wanted.protocol) {
      found.push_back(port.port);
    }
  }
  return found;
}

void add_number(Opening& opening, const PolicyPort& port) {
  GatePorts range;
  range.protocol = port.protocol;
  if (const Port* number = std::get_if<Port>(&port.port)) {
    range.first = *number;
    range.last = port.end_port.value_or(*number);
  }
  opening.ports.push_back(range);
}

/// Resolves a name at the destination: the isolated pod itself for ingress, each peer for egress.
void add_name(Opening& opening, const PolicyPort& port, const View& view, const Pod* isolated) {
  if (isolated != nullptr) {
    for (const Port number : named_ports(*isolated, port)) {
      opening.ports.push_back({port.protocol, number, number});
    }
    return;
  }
  for (const Pod& pod : view.state.world.pods) {
    for (const Port number : named_ports(pod, port)) {
      for (const IpAddress& address : addresses_of(view, pod.id)) {
        if (contains(opening.peers, address)) {
          opening.pod_ports.insert({address, port.protocol, number});
        }
      }
    }
  }
}

Opening opening_of(const View& view,
                   const NetworkPolicy& policy,
                   const PolicyRule& rule,
                   const Pod* named_port_owner) {
  Opening opening;
  const auto& peers = rule.peers;
  opening.peers = peers_of(view, policy.id.namespace_name, peers);
  opening.any_port = rule.ports.empty();
  for (const PolicyPort& port : rule.ports) {
    if (std::holds_alternative<std::string>(port.port)) {
      add_name(opening, port, view, named_port_owner);
    } else {
      add_number(opening, port);
    }
  }
  opening.ports = merged(std::move(opening.ports));
  return opening;
}

using PolicyList = std::vector<const NetworkPolicy*>;

PolicyList isolating(const ClusterState& state, const Pod& pod, Direction direction) {
  PolicyList list;
  for (const NetworkPolicy& policy : state.policies) {
    if (policy.id.namespace_name == pod.id.namespace_name && isolates(policy, direction) &&
        selector_holds(policy.pod_selector, pod.labels)) {
      list.push_back(&policy);
    }
  }
  return list;
}

Gate gate_of(const View& view, const PolicyList& policies, Direction direction, const Pod& pod) {
  Gate gate;
  for (const NetworkPolicy* policy : policies) {
    for (const PolicyRule& rule : rules(*policy, direction)) {
      gate.push_back(
          opening_of(view, *policy, rule, direction == Direction::ingress ? &pod : nullptr));
    }
  }
  return gate;
}

/// What an ingress gate depends on besides the policies: the pod's named ports.
std::vector<std::pair<std::string, GatePorts>> port_names(const Pod& pod) {
  std::vector<std::pair<std::string, GatePorts>> names;
  names.reserve(pod.ports.size());
  for (const ContainerPort& port : pod.ports) {
    names.push_back({port.name, {port.protocol, port.port, port.port}});
  }
  return names;
}

}  // namespace

std::vector<GatePorts> merged(std::vector<GatePorts> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<GatePorts> result;
  for (const GatePorts& range : ranges) {
    if (!result.empty() && result.back().protocol == range.protocol &&
        range.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

bool selector_holds(const LabelSelector& selector, const Labels& labels) {
  return std::all_of(selector.match_labels.begin(),
                     selector.match_labels.end(),
                     [&](const auto& wanted) {
                       const auto found = labels.find(wanted.first);
                       return found != labels.end() && found->second == wanted.second;
                     }) &&
         std::all_of(selector.match_expressions.begin(),
                     selector.match_expressions.end(),
                     [&](const auto& requirement) { return holds(requirement, labels); });
}

Gates gates_of(const ClusterState& state,
               const AddressBook& addresses,
               const std::string& node,
               Direction direction) {
  const View view = view_of(state, addresses);
  // Pods that the same policies isolate mostly have the same gate: it is worked out once.
  std::map<std::pair<PolicyList, std::vector<std::pair<std::string, GatePorts>>>, Gate> known;
  Gates gates;
  for (const Pod& pod : state.world.pods) {
    const auto home = addresses.node_of.find(pod.id);
    if (home == addresses.node_of.end() || home->second != node || pod.host_network) {
      continue;
    }
    PolicyList policies = isolating(state, pod, direction);
    if (policies.empty()) {
      continue;
    }
    auto [gate, is_new] = known.try_emplace(
        {policies,
         direction == Direction::ingress ? port_names(pod)
                                         : std::vector<std::pair<std::string, GatePorts>>()});
    if (is_new) {
      gate->second = gate_of(view, policies, direction, pod);
    }
    gates.emplace(pod.id, gate->second);
  }
  return gates;
}

}  // namespace nettest
