#include "probes/simulator/compiled.hpp"

#include <algorithm>
#include <unordered_map>

namespace nettest {

namespace {

constexpr std::size_t index_of(Direction direction) {
  return direction == Direction::ingress ? 0 : 1;
}

void append(std::string& text, const std::string& part) {
  text += part;
  text += '\0';
}

std::string key_of(const LabelSelector& selector) {
  std::string text;
  for (const auto& [key, value] : selector.match_labels) {
    append(text, key);
    append(text, value);
  }
  for (const auto& requirement : selector.match_expressions) {
    text += '\1';
    append(text, requirement.key);
    append(text, std::string(to_string(requirement.op)));
    for (const auto& value : requirement.values) {
      append(text, value);
    }
  }
  return text;
}

std::string key_of(const IpBlock& block) {
  std::string text = block.cidr.cidr ? to_string(*block.cidr.cidr) : "";
  for (const auto& except : block.except) {
    text += " " + (except.cidr ? to_string(*except.cidr) : "");
  }
  return text;
}

PortMatch compile(const PolicyPort& port) {
  PortMatch match;
  match.protocol = port.protocol;
  if (const auto* number = std::get_if<Port>(&port.port)) {
    match.first = *number;
    match.last = port.end_port.value_or(*number);
  } else if (const auto* name = std::get_if<std::string>(&port.port)) {
    match.name = *name;
  }
  return match;
}

/// Compiles policies; equal selectors and blocks are looked up once.
class Compiler {
 public:
  explicit Compiler(const Groups& groups) : groups_(groups) {}

  CompiledPolicy compile(const NetworkPolicy& policy) {
    CompiledPolicy compiled;
    compiled.written = &policy;
    compiled.targets = pods(policy.pod_selector);
    compiled.targets &= groups_.in_policy_namespace(policy.id.namespace_name);
    compiled.targets.runOptimize();
    for (const auto& rule : policy.ingress) {
      compiled.ingress.push_back(compile(rule, policy.id.namespace_name));
    }
    for (const auto& rule : policy.egress) {
      compiled.egress.push_back(compile(rule, policy.id.namespace_name));
    }
    return compiled;
  }

 private:
  CompiledRule compile(const PolicyRule& rule, const std::string& own_namespace) {
    CompiledRule compiled;
    compiled.written = &rule;
    compiled.every_peer = rule.peers.empty();
    compiled.every_port = rule.ports.empty();
    if (compiled.every_peer) {
      compiled.selected = groups_.all();
    }
    for (const auto& peer : rule.peers) {
      add(peer, own_namespace, compiled);
    }
    compiled.selected.runOptimize();
    for (const auto& port : rule.ports) {
      compiled.ports.push_back(nettest::compile(port));
    }
    return compiled;
  }

  void add(const PolicyPeer& peer, const std::string& own_namespace, CompiledRule& rule) {
    if (peer.ip_block) {
      rule.blocks.push_back(&*peer.ip_block);
      for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
        rule.in_blocks.at(family_index(family)) |= in_block(*peer.ip_block, family);
      }
      return;
    }
    if (!peer.pod_selector && !peer.namespace_selector) {
      return;  // The API server refuses such a peer; it names nobody.
    }
    GroupSet selected = peer.namespace_selector ? pods_of_namespaces(*peer.namespace_selector)
                                                : groups_.in_policy_namespace(own_namespace);
    if (peer.pod_selector) {
      selected &= pods(*peer.pod_selector);
    }
    rule.selected |= selected;
  }

  const GroupSet& pods(const LabelSelector& selector) {
    const auto [entry, fresh] = pods_.try_emplace(key_of(selector));
    if (fresh) {
      entry->second = groups_.pods(selector);
    }
    return entry->second;
  }

  const GroupSet& pods_of_namespaces(const LabelSelector& selector) {
    const auto [entry, fresh] = pods_of_namespaces_.try_emplace(key_of(selector));
    if (fresh) {
      entry->second = groups_.pods_of_namespaces(selector);
    }
    return entry->second;
  }

  const GroupSet& in_block(const IpBlock& block, IpFamily family) {
    const auto [entry, fresh] = in_block_.at(family_index(family)).try_emplace(key_of(block));
    if (fresh) {
      entry->second = groups_.in_block(block, family);
    }
    return entry->second;
  }

  using Cache = std::unordered_map<std::string, GroupSet>;

  const Groups& groups_;
  Cache pods_;
  Cache pods_of_namespaces_;
  std::array<Cache, 2> in_block_;
};

}  // namespace

const std::vector<CompiledRule>& rules(const CompiledPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.ingress : policy.egress;
}

CompiledPolicies::CompiledPolicies(const ClusterState& state,
                                   const AddressBook& addresses,
                                   GroupingOptions options)
    : groups_(state, addresses, options) {
  Compiler compiler(groups_);
  policies_.reserve(state.policies.size());
  for (auto& per_group : isolating_) {
    per_group.resize(groups_.size());
  }
  for (const auto& policy : state.policies) {
    const auto index = static_cast<PolicyIndex>(policies_.size());
    policies_.push_back(compiler.compile(policy));
    const GroupSet& targets = policies_.back().targets;
    for (const auto direction : {Direction::ingress, Direction::egress}) {
      if (!isolates(policy, direction)) {
        continue;
      }
      isolated_.at(index_of(direction)) |= targets;
      auto& per_group = isolating_.at(index_of(direction));
      for_each(targets, [&](GroupIndex group) { per_group[group].push_back(index); });
    }
  }
}

const std::vector<PolicyIndex>& CompiledPolicies::isolating(Direction direction,
                                                            GroupIndex group) const {
  return isolating_.at(index_of(direction))[group];
}

const GroupSet& CompiledPolicies::isolated(Direction direction) const {
  return isolated_.at(index_of(direction));
}

bool CompiledPolicies::covers_port(const CompiledRule& rule,
                                   const Flow& flow,
                                   GroupIndex destination) const {
  return rule.every_port ||
         std::any_of(rule.ports.begin(), rule.ports.end(), [&](const PortMatch& match) {
           if (match.protocol != flow.protocol) {
             return false;
           }
           return match.name.empty()
                      ? match.first <= flow.port && flow.port <= match.last
                      : groups_.named_port(destination, match.name, match.protocol) == flow.port;
         });
}

bool CompiledPolicies::covers_peer(const CompiledRule& rule, IpFamily family, GroupIndex peer) {
  return rule.selected.contains(peer) || rule.in_blocks.at(family_index(family)).contains(peer);
}

GroupSet CompiledPolicies::admitted_by(const CompiledRule& rule,
                                       Direction direction,
                                       GroupIndex subject,
                                       const Flow& flow) const {
  GroupSet peers = rule.selected;
  peers |= rule.in_blocks.at(family_index(flow.family));
  if (direction == Direction::ingress) {
    return covers_port(rule, flow, subject) ? peers : GroupSet{};
  }
  if (rule.every_port) {
    return peers;
  }
  GroupSet with_port;
  for (const auto& match : rule.ports) {
    if (match.protocol != flow.protocol) {
      continue;
    }
    if (!match.name.empty()) {
      with_port |= groups_.with_named_port(match.name, match.protocol, flow.port);
    } else if (match.first <= flow.port && flow.port <= match.last) {
      return peers;
    }
  }
  peers &= with_port;
  return peers;
}

GroupSet CompiledPolicies::admitted(Direction direction,
                                    GroupIndex subject,
                                    const Flow& flow) const {
  const auto& isolating_policies = isolating(direction, subject);
  if (isolating_policies.empty()) {
    return groups_.all();
  }
  GroupSet everybody;
  for (const PolicyIndex policy : isolating_policies) {
    for (const auto& rule : rules(policies_[policy], direction)) {
      everybody |= admitted_by(rule, direction, subject, flow);
    }
  }
  return everybody;
}

}  // namespace nettest
