#include "probes/targets.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace nettest {

namespace {

bool same_port(const PolicyPort& a, const PolicyPort& b) {
  return a.protocol == b.protocol && a.port == b.port && a.end_port == b.end_port;
}

bool same_rule(const PeerRule& a, const PeerRule& b) {
  return same_peer(a.peer, b.peer) &&
         std::equal(a.ports.begin(), a.ports.end(), b.ports.begin(), b.ports.end(), same_port);
}

void add_rule(PeerRule rule, PolicyTarget& target) {
  const bool known = std::any_of(target.rules.begin(),
                                 target.rules.end(),
                                 [&](const PeerRule& other) { return same_rule(other, rule); });
  if (!known) {
    target.rules.push_back(std::move(rule));
  }
}

void add_policy(const NetworkPolicy& policy, PolicyTarget& target) {
  target.policies.push_back(policy.id);
  for (const PolicyRule& rule : rules(policy, target.direction)) {
    if (rule.peers.empty()) {
      add_rule({std::nullopt, rule.ports}, target);
    }
    for (const PolicyPeer& peer : rule.peers) {
      add_rule({peer, rule.ports}, target);
    }
  }
}

/// True for an In with one value whose key no other match label claims.
bool is_label(const SelectorRequirement& requirement, const Labels& labels) {
  if (requirement.op != SelectorOperator::in || requirement.values.size() != 1) {
    return false;
  }
  const auto claimed = labels.find(requirement.key);
  return claimed == labels.end() || claimed->second == requirement.values.front();
}

}  // namespace

LabelSelector canonical(const LabelSelector& selector) {
  LabelSelector made;
  made.match_labels = selector.match_labels;
  for (SelectorRequirement requirement : selector.match_expressions) {
    auto& values = requirement.values;
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (is_label(requirement, made.match_labels)) {
      made.match_labels.emplace(requirement.key, values.front());
    } else {
      made.match_expressions.push_back(std::move(requirement));
    }
  }
  auto& requirements = made.match_expressions;
  std::sort(requirements.begin(), requirements.end(), [](const auto& a, const auto& b) {
    return std::tie(a.key, a.op, a.values) < std::tie(b.key, b.op, b.values);
  });
  requirements.erase(std::unique(requirements.begin(), requirements.end()), requirements.end());
  return made;
}

bool same_peer(const std::optional<PolicyPeer>& a, const std::optional<PolicyPeer>& b) {
  if (!a || !b) {
    return !a && !b;
  }
  const auto same = [](const auto& left, const auto& right) {
    return left.has_value() == right.has_value() &&
           (!left || canonical(*left) == canonical(*right));
  };
  return same(a->pod_selector, b->pod_selector) &&
         same(a->namespace_selector, b->namespace_selector) && a->ip_block == b->ip_block;
}

std::vector<PolicyTarget> targets_of(const std::vector<NetworkPolicy>& policies) {
  std::map<std::tuple<Direction, std::string, std::string>, PolicyTarget> targets;
  for (const Direction direction : {Direction::ingress, Direction::egress}) {
    for (const NetworkPolicy& policy : policies) {
      if (!isolates(policy, direction)) {
        continue;
      }
      const LabelSelector pods = canonical(policy.pod_selector);
      const auto [entry, fresh] = targets.try_emplace(
          {direction, policy.id.namespace_name, pods.empty() ? "" : to_string(pods)});
      if (fresh) {
        entry->second = {direction, policy.id.namespace_name, pods, {}, {}};
      }
      add_policy(policy, entry->second);
    }
  }
  std::vector<PolicyTarget> all;
  for (auto& [key, target] : targets) {
    all.push_back(std::move(target));
  }
  return all;
}

}  // namespace nettest
