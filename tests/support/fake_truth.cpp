#include "tests/support/fake_truth.hpp"

#include <algorithm>
#include <string_view>

namespace nettest {

namespace {

/// One connection between pods, seen from one end.
struct Flow {
  const ClusterState* state;
  const AddressBook* addresses;
  const Pod* destination;
  const Pod* peer;
  Port port;
  Protocol protocol;
};

bool holds(const SelectorRequirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  const bool present = found != labels.end();
  const auto& values = requirement.values;
  const bool listed =
      present && std::find(values.begin(), values.end(), found->second) != values.end();
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

bool selects(const LabelSelector& selector, const Labels& labels) {
  return std::all_of(selector.match_labels.begin(),
                     selector.match_labels.end(),
                     [&](const auto& pair) {
                       const auto found = labels.find(pair.first);
                       return found != labels.end() && found->second == pair.second;
                     }) &&
         std::all_of(selector.match_expressions.begin(),
                     selector.match_expressions.end(),
                     [&](const auto& requirement) { return holds(requirement, labels); });
}

bool in_block(const IpBlock& block, const IpAddress& address) {
  return block.cidr.cidr && block.cidr.cidr->contains(address) &&
         std::none_of(block.except.begin(), block.except.end(), [&](const WrittenCidr& except) {
           return except.cidr && except.cidr->contains(address);
         });
}

bool admits(const PolicyPeer& peer, const NetworkPolicy& policy, const Flow& flow) {
  if (peer.ip_block) {
    const auto found = flow.addresses->pods.find(flow.peer->id);
    return found != flow.addresses->pods.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const IpAddress& address) {
             return in_block(*peer.ip_block, address);
           });
  }
  const auto* ns = find_namespace(flow.state->world, flow.peer->id.namespace_name);
  const bool ns_fits = peer.namespace_selector
                           ? ns != nullptr && selects(*peer.namespace_selector, ns->labels)
                           : policy.id.namespace_name == flow.peer->id.namespace_name;
  return ns_fits && (!peer.pod_selector || selects(*peer.pod_selector, flow.peer->labels));
}

bool admits(const PolicyPort& port, const Flow& flow) {
  if (port.protocol != flow.protocol) {
    return false;
  }
  if (const auto* number = std::get_if<Port>(&port.port)) {
    return *number <= flow.port && flow.port <= port.end_port.value_or(*number);
  }
  if (const auto* name = std::get_if<std::string>(&port.port)) {
    const auto& served = flow.destination->ports;
    return std::any_of(served.begin(), served.end(), [&](const ContainerPort& candidate) {
      return candidate.name == *name && candidate.port == flow.port &&
             candidate.protocol == flow.protocol;
    });
  }
  return true;
}

bool admits(const PolicyRule& rule, const NetworkPolicy& policy, const Flow& flow) {
  return (rule.peers.empty() ||
          std::any_of(rule.peers.begin(),
                      rule.peers.end(),
                      [&](const auto& peer) { return admits(peer, policy, flow); })) &&
         (rule.ports.empty() || std::any_of(rule.ports.begin(),
                                            rule.ports.end(),
                                            [&](const auto& port) { return admits(port, flow); }));
}

bool admitted(const Pod& subject, Direction direction, const Flow& flow) {
  bool isolated = false;
  for (const auto& policy : flow.state->policies) {
    if (policy.id.namespace_name != subject.id.namespace_name || !isolates(policy, direction) ||
        !selects(policy.pod_selector, subject.labels)) {
      continue;
    }
    isolated = true;
    for (const auto& rule : rules(policy, direction)) {
      if (admits(rule, policy, flow)) {
        return true;
      }
    }
  }
  return !isolated;
}

struct Question {
  const ClusterState& state;
  const AddressBook& addresses;
  FakeEnforcement enforcement;
};

Truth ask_pod(const Question& question, const Pod& from, const Pod& to, const Probe& probe) {
  const bool served = std::any_of(to.ports.begin(), to.ports.end(), [&](const auto& port) {
    return port.port == probe.port && port.protocol == probe.protocol;
  });
  if (from.id != to.id) {
    const Flow out{&question.state, &question.addresses, &to, &to, probe.port, probe.protocol};
    const Flow in{&question.state, &question.addresses, &to, &from, probe.port, probe.protocol};
    if ((question.enforcement.egress && !admitted(from, Direction::egress, out)) ||
        (question.enforcement.ingress && !admitted(to, Direction::ingress, in))) {
      return Truth::dropped;
    }
  }
  return served ? Truth::open : Truth::closed_port;
}

std::optional<Port> target_port(const ServicePort& port, const Pod& pod) {
  if (const auto* number = std::get_if<Port>(&port.target_port)) {
    return *number;
  }
  if (const auto* name = std::get_if<std::string>(&port.target_port)) {
    for (const auto& served : pod.ports) {
      if (served.name == *name) {
        return served.port;
      }
    }
    return std::nullopt;
  }
  return port.port;
}

TruthAnswer ask_service(const Question& question,
                        const Pod& from,
                        const ServiceId& id,
                        Probe probe) {
  const auto* service = find_service(question.state.world, id);
  if (service == nullptr) {
    return {Truth::dropped, std::nullopt};
  }
  for (const auto& port : service->ports) {
    if (port.port != probe.port || port.protocol != probe.protocol) {
      continue;
    }
    for (const auto& pod : question.state.world.pods) {
      const auto target = target_port(port, pod);
      if (pod.id.namespace_name == id.namespace_name && selects(service->selector, pod.labels) &&
          target) {
        probe.port = *target;
        return {ask_pod(question, from, pod, probe), pod.id};
      }
    }
  }
  return {Truth::closed_port, std::nullopt};
}

bool resolves(const Question& question, const Pod& from) {
  Probe dns;
  dns.from = from.id;
  dns.port = 53;
  dns.protocol = Protocol::udp;
  return ask_service(question, from, {kSystemNamespace, kDnsName}, dns).truth == Truth::open;
}

}  // namespace

TruthAnswer truth_of(const ClusterState& state,
                     const AddressBook& addresses,
                     const Probe& probe,
                     FakeEnforcement enforcement) {
  const Question question{state, addresses, enforcement};
  const Pod* from = find_pod(state.world, probe.from);
  if (from == nullptr) {
    return {Truth::no_such_pod, std::nullopt};
  }
  if (const auto* pod_id = std::get_if<PodId>(&probe.to)) {
    const Pod* to = find_pod(state.world, *pod_id);
    return to == nullptr ? TruthAnswer{Truth::dropped, std::nullopt}
                         : TruthAnswer{ask_pod(question, *from, *to, probe), *pod_id};
  }
  if (!probe.host.empty() && !resolves(question, *from)) {
    return {Truth::no_name, std::nullopt};
  }
  return ask_service(question, *from, std::get<ServiceId>(probe.to), probe);
}

}  // namespace nettest
