#include "harness/mutation/forecast.hpp"

#include <algorithm>
#include <utility>

#include "harness/local/interface_name.hpp"
#include "harness/local/service_compiler.hpp"

namespace nettest {

namespace {

/// Any that no pod serves.
constexpr Port kClientPort = 40000;
constexpr Port kDnsPort = 53;

std::optional<IpAddress> address_in(const std::map<PodId, std::vector<IpAddress>>& book,
                                    const PodId& pod,
                                    IpFamily family) {
  const auto found = book.find(pod);
  return found == book.end() ? std::nullopt : address_of(found->second, family);
}

}  // namespace

Forecast::Forecast(const ClusterState& state,
                   const AddressBook& addresses,
                   const std::map<std::string, NftProgram>& programs)
    : state_(state), addresses_(addresses) {
  for (const auto& [node, program] : programs) {
    rules_.emplace(node, Ruleset(program));
  }
}

std::vector<Forecast::Flow> Forecast::service_flows(const Probe& probe,
                                                    const Service& service) const {
  std::vector<Flow> flows;
  for (const ServicePort& port : service.ports) {
    if (port.port != probe.port || port.protocol != probe.protocol) {
      continue;
    }
    const auto own = addresses_.services.find(service.id);
    for (const ServiceTarget& target :
         endpoints_of(state_.world, addresses_, service, port, probe.family)) {
      Flow flow{probe.from, target.pod, probe.family, probe.protocol, target.port, {}, probe.port};
      if (!service.headless && own != addresses_.services.end()) {
        flow.asked_address = address_of(own->second, probe.family);
      }
      flows.push_back(flow);
    }
  }
  return flows;
}

std::vector<Forecast::Flow> Forecast::flows_of(const Probe& probe) const {
  if (const auto* pod = std::get_if<PodId>(&probe.to)) {
    return {{probe.from, *pod, probe.family, probe.protocol, probe.port, {}, 0}};
  }
  const Service* const service = find_service(state_.world, std::get<ServiceId>(probe.to));
  return service == nullptr ? std::vector<Flow>() : service_flows(probe, *service);
}

bool Forecast::resolves(const PodId& from) const {
  Probe question;
  question.from = from;
  question.to = ServiceId{kSystemNamespace, kDnsName};
  question.by = By::service_ip;
  question.port = kDnsPort;
  question.protocol = Protocol::udp;
  return connects(question);
}

bool Forecast::connects(const Probe& probe) const {
  const bool by_name = probe.by == By::service_name ||
                       (probe.by == By::url && std::holds_alternative<ServiceId>(probe.to) &&
                        !IpAddress::parse(probe.host));
  if (by_name && !resolves(probe.from)) {
    return false;
  }
  const std::vector<Flow> flows = flows_of(probe);
  return !flows.empty() &&
         std::all_of(flows.begin(), flows.end(), [&](const Flow& flow) { return passes(flow); });
}

bool Forecast::passes(const Flow& flow) const {
  // What a pod sends to itself by its own address does not leave it.
  if (flow.from == flow.to && !flow.asked_address) {
    return true;
  }
  return passes_one_way(flow, /*reply=*/false) && passes_one_way(flow, /*reply=*/true);
}

bool Forecast::passes_one_way(const Flow& flow, bool reply) const {
  const auto client = address_in(addresses_.pods, flow.from, flow.family);
  const auto server = address_in(addresses_.pods, flow.to, flow.family);
  const Pod* const from = find_pod(state_.world, flow.from);
  const Pod* const to = find_pod(state_.world, flow.to);
  if (!client || !server || from == nullptr || to == nullptr) {
    return false;
  }
  const std::string& client_node = addresses_.node_of.at(flow.from);
  const std::string& server_node = addresses_.node_of.at(flow.to);
  Packet packet;
  packet.source = reply ? *server : *client;
  packet.destination = reply ? *client : *server;
  packet.protocol = flow.protocol;
  packet.source_port = reply ? flow.port : kClientPort;
  packet.destination_port = reply ? kClientPort : flow.port;
  packet.established = reply;
  const auto at = [&](const std::string& node) {
    // A node sends and receives for its hostNetwork pods itself: that is not forwarded.
    const std::string here = node == client_node ? "" : "to-" + client_node;
    const std::string there = node == server_node ? "" : "to-" + server_node;
    if ((here.empty() && from->host_network) || (there.empty() && to->host_network)) {
      return true;
    }
    const std::string client_side =
        here.empty() ? interface_name(addresses_.pods.at(flow.from)) : here;
    const std::string server_side =
        there.empty() ? interface_name(addresses_.pods.at(flow.to)) : there;
    packet.in_interface = reply ? server_side : client_side;
    packet.out_interface = reply ? client_side : server_side;
    packet.translated = flow.asked_address.has_value() && node == client_node;
    packet.asked_address = packet.translated ? *flow.asked_address : *server;
    packet.asked_port = packet.translated ? flow.asked_port : flow.port;
    return ruleset(node).forwards(packet);
  };
  return at(client_node) && (client_node == server_node || at(server_node));
}

}  // namespace nettest
