#include "suites/policy_writer.hpp"

#include <vector>

#include "suites/yaml_text.hpp"

namespace nettest {

namespace {

std::vector<std::string> strings(const std::vector<std::string>& texts) {
  std::vector<std::string> written;
  written.reserve(texts.size());
  for (const auto& text : texts) {
    written.push_back(yaml_string(text));
  }
  return written;
}

std::string write_labels(const Labels& labels) {
  YamlMap map;
  for (const auto& [key, value] : labels) {
    map.add(key, yaml_string(value));
  }
  return map.text();
}

std::string write_selector(const LabelSelector& selector) {
  YamlMap map;
  if (!selector.match_labels.empty()) {
    map.add("matchLabels", write_labels(selector.match_labels));
  }
  std::vector<std::string> expressions;
  for (const auto& one : selector.match_expressions) {
    YamlMap expression;
    expression.add_text("key", one.key)
        .add_text("operator", to_string(one.op))
        .add_list("values", strings(one.values));
    expressions.push_back(expression.text());
  }
  return map.add_list("matchExpressions", expressions).text();
}

std::string write_peer(const PolicyPeer& peer) {
  YamlMap map;
  if (peer.namespace_selector) {
    map.add("namespaceSelector", write_selector(*peer.namespace_selector));
  }
  if (peer.pod_selector) {
    map.add("podSelector", write_selector(*peer.pod_selector));
  }
  if (peer.ip_block) {
    YamlMap block;
    block.add_text("cidr", peer.ip_block->cidr.written);
    std::vector<std::string> except;
    for (const auto& one : peer.ip_block->except) {
      except.push_back(yaml_string(one.written));
    }
    map.add("ipBlock", block.add_list("except", except).text());
  }
  return map.text();
}

std::string write_port(const PolicyPort& port) {
  YamlMap map;
  map.add_text("protocol", to_string(port.protocol));
  if (const auto* number = std::get_if<Port>(&port.port)) {
    map.add("port", std::to_string(*number));
  } else if (const auto* name = std::get_if<std::string>(&port.port)) {
    map.add_text("port", *name);
  }
  if (port.end_port) {
    map.add("endPort", std::to_string(*port.end_port));
  }
  return map.text();
}

std::string write_rules(const std::vector<PolicyRule>& rules, Direction direction) {
  std::vector<std::string> written;
  for (const auto& rule : rules) {
    std::vector<std::string> peers;
    for (const auto& peer : rule.peers) {
      peers.push_back(write_peer(peer));
    }
    std::vector<std::string> ports;
    for (const auto& port : rule.ports) {
      ports.push_back(write_port(port));
    }
    YamlMap map;
    map.add_list(direction == Direction::ingress ? "from" : "to", peers).add_list("ports", ports);
    written.push_back(map.text());
  }
  return yaml_list(written);
}

}  // namespace

std::string write_policy(const NetworkPolicy& policy) {
  YamlMap metadata;
  metadata.add_text("namespace", policy.id.namespace_name).add_text("name", policy.id.name);
  if (!policy.labels.empty()) {
    metadata.add("labels", write_labels(policy.labels));
  }
  YamlMap spec;
  spec.add("podSelector", write_selector(policy.pod_selector));
  std::vector<std::string> types;
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    if (isolates(policy, direction)) {
      types.emplace_back(direction == Direction::ingress ? "Ingress" : "Egress");
    }
  }
  spec.add_list("policyTypes", types);
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    if (isolates(policy, direction) || !rules(policy, direction).empty()) {
      spec.add(to_string(direction), write_rules(rules(policy, direction), direction));
    }
  }
  return YamlMap()
      .add("apiVersion", "networking.k8s.io/v1")
      .add("kind", "NetworkPolicy")
      .add("metadata", metadata.text())
      .add("spec", spec.text())
      .text();
}

}  // namespace nettest
