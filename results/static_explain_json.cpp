#include <nlohmann/json.hpp>

#include "results/static_explain.hpp"

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

Json selector_json(const LabelSelector& selector) {
  Json json = Json::object();
  for (const auto& [key, value] : selector.match_labels) {
    json["matchLabels"][key] = value;
  }
  for (const SelectorRequirement& requirement : selector.match_expressions) {
    Json entry = {{"key", requirement.key}, {"operator", to_string(requirement.op)}};
    if (!requirement.values.empty()) {
      entry["values"] = requirement.values;
    }
    json["matchExpressions"].push_back(std::move(entry));
  }
  return json;
}

Json peer_json(const std::optional<PolicyPeer>& peer) {
  if (!peer) {
    return nullptr;
  }
  Json json = Json::object();
  if (peer->ip_block) {
    json["ipBlock"]["cidr"] = peer->ip_block->cidr.written;
    for (const WrittenCidr& except : peer->ip_block->except) {
      json["ipBlock"]["except"].push_back(except.written);
    }
  }
  if (peer->namespace_selector) {
    json["namespaceSelector"] = selector_json(*peer->namespace_selector);
  }
  if (peer->pod_selector) {
    json["podSelector"] = selector_json(*peer->pod_selector);
  }
  return json;
}

Json port_json(const PolicyPort& port) {
  Json json = {{"protocol", to_string(port.protocol)}};
  if (const auto* number = std::get_if<Port>(&port.port)) {
    json["port"] = *number;
  } else if (const auto* name = std::get_if<std::string>(&port.port)) {
    json["port"] = *name;
  }
  if (port.end_port) {
    json["endPort"] = *port.end_port;
  }
  return json;
}

Json target_json(const PolicyTarget& target) {
  Json policies = Json::array();
  for (const PolicyId& policy : target.policies) {
    policies.push_back(to_string(policy));
  }
  Json rules = Json::array();
  for (const PeerRule& rule : target.rules) {
    Json ports = Json::array();
    for (const PolicyPort& port : rule.ports) {
      ports.push_back(port_json(port));
    }
    rules.push_back({{"peer", peer_json(rule.peer)}, {"ports", std::move(ports)}});
  }
  return {{"type", to_string(target.direction)},
          {"namespace", target.namespace_name},
          {"podSelector", selector_json(target.pods)},
          {"policies", std::move(policies)},
          {"rules", std::move(rules)}};
}

}  // namespace

std::string render_targets_json(const std::vector<PolicyTarget>& targets) {
  Json all = Json::array();
  for (const PolicyTarget& target : targets) {
    all.push_back(target_json(target));
  }
  const Json json = {{"format", "nettest.explain/v1"}, {"targets", std::move(all)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nettest
