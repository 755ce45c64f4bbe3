#include "probes/simulator/near_miss.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "probes/simulator/decision.hpp"

namespace nettest {

namespace {

/// How far away a thing in the way is. A label or a port is soon changed; what lives in another
/// namespace or at another address was hardly meant.
constexpr std::size_t kNear = 2;
constexpr std::size_t kFar = 3;

/// What is in the way, in words, and how much it is.
struct Miss {
  std::size_t distance = 0;
  std::vector<std::string> words;

  void add(std::string text, std::size_t how_far = kNear) {
    distance += how_far;
    words.push_back(std::move(text));
  }
};

const Pod& destination(const Refusal& refusal) {
  return refusal.direction == Direction::ingress ? refusal.subject : refusal.peer;
}

std::optional<Port> named(const Pod& pod, const std::string& name, Protocol protocol) {
  for (const auto& port : pod.ports) {
    if (port.name == name && port.protocol == protocol) {
      return port.port;
    }
  }
  return std::nullopt;
}

bool covers(const PolicyPort& port, const Refusal& refusal) {
  if (port.protocol != refusal.flow.protocol) {
    return false;
  }
  if (const auto* number = std::get_if<Port>(&port.port)) {
    return *number <= refusal.flow.port && refusal.flow.port <= port.end_port.value_or(*number);
  }
  if (const auto* name = std::get_if<std::string>(&port.port)) {
    return named(destination(refusal), *name, port.protocol) == refusal.flow.port;
  }
  return true;
}

/// "80/TCP", "8000-8100/TCP", "UDP", `"web"/TCP (8080 in y/b)`.
std::string port_words(const PolicyPort& port, const Refusal& refusal) {
  const std::string protocol(to_string(port.protocol));
  if (const auto* number = std::get_if<Port>(&port.port)) {
    const std::string end = port.end_port ? "-" + std::to_string(*port.end_port) : "";
    return std::to_string(*number) + end + "/" + protocol;
  }
  if (const auto* name = std::get_if<std::string>(&port.port)) {
    const Pod& pod = destination(refusal);
    const auto number = named(pod, *name, port.protocol);
    return "\"" + *name + "\"/" + protocol + " (" +
           (number ? std::to_string(*number) + " in " : "no such name in ") + to_string(pod.id) +
           ")";
  }
  return protocol;
}

void check_ports(const PolicyRule& rule, const Refusal& refusal, Miss& miss) {
  if (rule.ports.empty() || std::any_of(rule.ports.begin(), rule.ports.end(), [&](const auto& p) {
        return covers(p, refusal);
      })) {
    return;
  }
  std::vector<std::string> admitted;
  for (const auto& port : rule.ports) {
    admitted.push_back(port_words(port, refusal));
  }
  miss.add("only " + join(admitted, ", ") + " is admitted, not " +
           std::to_string(refusal.flow.port) + "/" + std::string(to_string(refusal.flow.protocol)));
}

void check_block(const IpBlock& block, const Refusal& refusal, Miss& miss) {
  if (!refusal.peer_address || !block.cidr.cidr) {
    miss.add("it has no address that " + block.cidr.written + " could cover", kFar);
    return;
  }
  const std::string address = to_string(*refusal.peer_address);
  if (!block.cidr.cidr->contains(*refusal.peer_address)) {
    miss.add("its address " + address + " is outside " + to_string(*block.cidr.cidr), kFar);
    return;
  }
  for (const auto& except : block.except) {
    if (except.cidr && except.cidr->contains(*refusal.peer_address)) {
      miss.add("its address " + address + " is in the exception " + to_string(*except.cidr));
      return;
    }
  }
}

Miss check_peer(const PolicyPeer& peer, const PolicyId& policy, const Refusal& refusal) {
  Miss miss;
  if (peer.ip_block) {
    check_block(*peer.ip_block, refusal, miss);
    return miss;
  }
  if (peer.namespace_selector) {
    if (const auto why = why_not(*peer.namespace_selector, refusal.peer_namespace)) {
      miss.add("its namespace " + *why);
    }
  } else if (refusal.peer.id.namespace_name != policy.namespace_name) {
    miss.add("it is not in namespace " + policy.namespace_name +
                 ", and a podSelector alone selects there only",
             kFar);
  }
  if (peer.pod_selector) {
    if (const auto why = why_not(*peer.pod_selector, refusal.peer.labels)) {
      miss.add("it " + *why);
    }
  }
  return miss;
}

Miss check_rule(const PolicyRule& rule, const PolicyId& policy, const Refusal& refusal) {
  std::optional<Miss> nearest;
  for (const auto& peer : rule.peers) {
    Miss miss = check_peer(peer, policy, refusal);
    if (!nearest || miss.distance < nearest->distance) {
      nearest = std::move(miss);
    }
  }
  Miss miss = nearest.value_or(Miss{});
  check_ports(rule, refusal, miss);
  return miss;
}

std::string no_rules(Direction direction, const std::vector<const NetworkPolicy*>& isolating) {
  const std::string rule = std::string(to_string(direction)) + " rule";
  return isolating.size() == 1 ? to_string(isolating.front()->id) + " has no " + rule
                               : "none of these policies has an " + rule;
}

}  // namespace

std::string nearest_miss(const Refusal& refusal,
                         const std::vector<const NetworkPolicy*>& isolating) {
  std::optional<Miss> nearest;
  std::string rule_words;
  for (const auto* policy : isolating) {
    const auto& tried = rules(*policy, refusal.direction);
    for (std::size_t i = 0; i < tried.size(); ++i) {
      Miss miss = check_rule(tried[i], policy->id, refusal);
      if (!nearest || miss.distance < nearest->distance) {
        nearest = std::move(miss);
        rule_words = "rule " + std::to_string(i + 1) + " of " + to_string(policy->id);
      }
    }
  }
  if (!nearest) {
    return no_rules(refusal.direction, isolating);
  }
  return join(nearest->words, " and ") + " (" + rule_words + ")";
}

}  // namespace nettest
