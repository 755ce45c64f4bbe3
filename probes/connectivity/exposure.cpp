#include "probes/connectivity/exposure.hpp"

#include <map>

#include "probes/simulator/selectors.hpp"

namespace nettest {

namespace {

constexpr const char* kCluster = "entire-cluster";
constexpr const char* kOutside = "0.0.0.0-255.255.255.255[External]";

ConnectionSet ports_of(const PolicyPort& port, const Pod& pod, Direction direction) {
  if (const auto* number = std::get_if<Port>(&port.port)) {
    return {port.protocol, PortSet(PortRange{*number, port.end_port.value_or(*number)})};
  }
  const auto* name = std::get_if<std::string>(&port.port);
  if (name == nullptr) {
    return {port.protocol, PortSet::all()};
  }
  if (direction == Direction::ingress) {
    for (const ContainerPort& own : pod.ports) {
      if (own.name == *name && own.protocol == port.protocol) {
        return {own.protocol, PortSet(PortRange{own.port, own.port})};
      }
    }
  }
  return {};
}

ConnectionSet connections_of(const PolicyRule& rule, const Pod& pod, Direction direction) {
  if (rule.ports.empty()) {
    return ConnectionSet::all();
  }
  ConnectionSet connections;
  for (const PolicyPort& port : rule.ports) {
    connections = connections.united(ports_of(port, pod, direction));
  }
  return connections;
}

/// The name of a peer that is no given workload; empty for the others.
std::string wide_peer(const PolicyPeer& peer, const std::string& own_namespace) {
  if (peer.ip_block) {
    const bool everything = peer.ip_block->cidr.cidr && peer.ip_block->cidr.cidr->length() == 0 &&
                            peer.ip_block->cidr.cidr->family() == IpFamily::ipv4 &&
                            peer.ip_block->except.empty();
    return everything ? kOutside : "";
  }
  if (peer.pod_selector && !peer.pod_selector->empty()) {
    return "";
  }
  if (!peer.namespace_selector) {
    return own_namespace + "/[all pods]";
  }
  return peer.namespace_selector->empty()
             ? kCluster
             : "[namespace with {" + to_string(*peer.namespace_selector) + "}]/[all pods]";
}

std::vector<std::string> wide_peers(const PolicyRule& rule, const std::string& own_namespace) {
  if (rule.peers.empty()) {
    return {kCluster, kOutside};
  }
  std::vector<std::string> peers;
  for (const PolicyPeer& peer : rule.peers) {
    peers.push_back(wide_peer(peer, own_namespace));
  }
  return peers;
}

}  // namespace

std::vector<OpenTo> open_to(const ClusterState& state,
                            const Endpoint& endpoint,
                            Direction direction) {
  const Pod& pod = state.world.pods[endpoint.pods.front()];
  std::map<std::string, ConnectionSet> by_peer;
  const auto open = [&](const std::string& peer, const ConnectionSet& connections) {
    if (!peer.empty() && !connections.empty()) {
      by_peer[peer] = by_peer[peer].united(connections);
    }
  };
  bool isolated = false;
  for (const NetworkPolicy& policy : state.policies) {
    const bool applies = policy.id.namespace_name == pod.id.namespace_name &&
                         isolates(policy, direction) && selects(policy.pod_selector, pod.labels);
    if (!applies) {
      continue;
    }
    isolated = true;
    for (const PolicyRule& rule : rules(policy, direction)) {
      const ConnectionSet connections = connections_of(rule, pod, direction);
      for (const std::string& peer : wide_peers(rule, pod.id.namespace_name)) {
        open(peer, connections);
      }
    }
  }
  if (!isolated) {
    open(kCluster, ConnectionSet::all());
    open(kOutside, ConnectionSet::all());
  }
  std::vector<OpenTo> all;
  for (const auto& [peer, connections] : by_peer) {
    all.push_back({peer, connections});
  }
  return all;
}

}  // namespace nettest
