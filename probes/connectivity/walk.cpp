#include "probes/connectivity/walk.hpp"

#include <algorithm>

#include "probes/connectivity/external_ranges.hpp"
#include "probes/simulator/selectors.hpp"

namespace nettest {

namespace {

/// How pods in the network of their node are seen, where the documentation leaves it open.
enum class HostReading { as_pod, as_node };

struct Asked {
  const WalkQuestion& question;
  HostReading reading = HostReading::as_pod;
};

const WalkEnd& peer_of(const WalkQuestion& question, Direction direction) {
  return direction == Direction::ingress ? question.from : question.to;
}

bool is_node(const WalkEnd& end, HostReading reading) {
  return reading == HostReading::as_node && end.pod != nullptr && end.pod->host_network;
}

std::string text_of(const PolicyPort& port) {
  std::string text(to_string(port.protocol));
  if (const auto* number = std::get_if<Port>(&port.port)) {
    text += " " + std::to_string(*number);
    text += port.end_port ? "-" + std::to_string(*port.end_port) : "";
  } else if (const auto* name = std::get_if<std::string>(&port.port)) {
    text += " " + *name;
  }
  return text;
}

/// What keeps a port entry from fitting, or nothing.
std::optional<Miss> miss_of(const PolicyPort& port, const WalkQuestion& question) {
  const auto missed = [&](const std::string& why) { return Miss{why, 1, port.where}; };
  const std::string asked =
      std::string(to_string(question.protocol)) + " " + std::to_string(question.port);
  if (port.protocol != question.protocol) {
    return missed("port " + asked + " is not " + text_of(port));
  }
  if (const auto* number = std::get_if<Port>(&port.port)) {
    const bool within =
        *number <= question.port && question.port <= port.end_port.value_or(*number);
    return within ? std::nullopt
                  : std::optional(missed("port " + asked + " is not " + text_of(port)));
  }
  const auto* name = std::get_if<std::string>(&port.port);
  if (name == nullptr) {
    return std::nullopt;
  }
  if (question.to.pod == nullptr) {
    return missed("port name " + *name + " never fits an outside address");
  }
  for (const ContainerPort& own : question.to.pod->ports) {
    if (own.name == *name && own.protocol == port.protocol) {
      return own.port == question.port
                 ? std::nullopt
                 : std::optional(missed("port " + asked + " is not " + *name + ", which is " +
                                        std::to_string(own.port) + " in " + question.to.name));
    }
  }
  return missed(question.to.name + " has no " + std::string(to_string(port.protocol)) +
                " port named " + *name);
}

std::optional<Miss> miss_of_block(const PolicyPeer& peer, const WalkEnd& end) {
  const IpBlock& block = *peer.ip_block;
  if (end.addresses.empty()) {
    return Miss{"the peer " + end.name + " has no address that ipBlock " + block.cidr.written +
                    " could hold",
                2,
                peer.where};
  }
  std::string why;
  for (const IpAddress& address : end.addresses) {
    if (selects(block, address)) {
      return std::nullopt;
    }
    const bool excepted = block.cidr.cidr && block.cidr.cidr->contains(address);
    why = "address " + to_string(address) + (excepted ? " is excepted from " : " is not in ") +
          block.cidr.written;
  }
  return Miss{why, 1, peer.where};
}

/// What keeps a peer entry from fitting, or nothing.
std::optional<Miss> miss_of(const PolicyPeer& peer,
                            const PolicyId& policy,
                            const WalkEnd& end,
                            HostReading reading) {
  if (peer.ip_block) {
    return miss_of_block(peer, end);
  }
  if (end.pod == nullptr) {
    return Miss{"the peer " + end.name + " is no pod, and this peer is a selector", 2, peer.where};
  }
  if (is_node(end, reading)) {
    return Miss{"the peer is seen as its node, which no selector selects", 1, peer.where};
  }
  std::vector<std::string> reasons;
  int distance = 0;
  if (!peer.namespace_selector) {
    if (end.pod->id.namespace_name != policy.namespace_name) {
      reasons.push_back("the peer is in namespace " + end.pod->id.namespace_name +
                        ", and without namespaceSelector only " + policy.namespace_name +
                        " is meant");
      // No label would help: the rule does not speak of other namespaces at all.
      ++distance;
    }
  } else if (const auto why = why_not(*peer.namespace_selector, end.home->labels)) {
    reasons.push_back("the peer's namespace " + *why);
  }
  if (peer.pod_selector) {
    if (const auto why = why_not(*peer.pod_selector, end.pod->labels)) {
      reasons.push_back("the peer " + *why);
    }
  }
  if (reasons.empty()) {
    return std::nullopt;
  }
  std::string text;
  for (const std::string& reason : reasons) {
    text += (text.empty() ? "" : ", and ") + reason;
  }
  distance += static_cast<int>(reasons.size());
  return Miss{text, distance, peer.where};
}

/// The misses of a list of which one entry must fit; nothing when one does or the list is empty.
template <typename Entry, typename MissOf>
std::vector<Miss> misses_of(const std::vector<Entry>& entries, MissOf miss_of_entry) {
  std::vector<Miss> misses;
  for (const Entry& entry : entries) {
    auto miss = miss_of_entry(entry);
    if (!miss) {
      return {};
    }
    misses.push_back(std::move(*miss));
  }
  return misses;
}

const Miss& least(const std::vector<Miss>& misses) {
  return *std::min_element(misses.begin(), misses.end(), [](const Miss& a, const Miss& b) {
    return a.distance < b.distance;
  });
}

RuleWalk walk_rule(const PolicyRule& rule,
                   const RuleRef& at,
                   const Asked& asked,
                   std::optional<Miss>& nearest) {
  const WalkEnd& peer = peer_of(asked.question, at.direction);
  RuleWalk walked{at, false, {}};
  const auto peers = misses_of(rule.peers, [&](const PolicyPeer& entry) {
    return miss_of(entry, at.policy, peer, asked.reading);
  });
  const auto ports = misses_of(
      rule.ports, [&](const PolicyPort& entry) { return miss_of(entry, asked.question); });
  walked.admits = peers.empty() && ports.empty();
  walked.misses = peers;
  walked.misses.insert(walked.misses.end(), ports.begin(), ports.end());
  if (walked.admits) {
    return walked;
  }
  Miss best = peers.empty() ? least(ports) : least(peers);
  if (!peers.empty() && !ports.empty()) {
    best.why += ", and " + least(ports).why;
    best.distance += least(ports).distance;
  }
  nearest = std::move(best);
  return walked;
}

void walk_policy(const NetworkPolicy& policy, const Asked& asked, EndWalk& end) {
  PolicyWalk walked{policy.id, policy.where, {}};
  const auto& tried = rules(policy, end.direction);
  for (std::size_t i = 0; i < tried.size(); ++i) {
    const RuleRef at{policy.id, end.direction, i, tried[i].where};
    std::optional<Miss> miss;
    walked.rules.push_back(walk_rule(tried[i], at, asked, miss));
    if (walked.rules.back().admits && !end.admitted_by) {
      end.admitted_by = at;
    }
    if (miss && (!end.nearest || miss->distance < end.nearest->distance)) {
      end.nearest = std::move(miss);
      end.nearest_rule = at;
    }
  }
  end.isolating.push_back(std::move(walked));
}

EndWalk walk_end(const std::vector<NetworkPolicy>& policies,
                 Direction direction,
                 const Asked& asked) {
  const WalkEnd& own = peer_of(
      asked.question, direction == Direction::ingress ? Direction::egress : Direction::ingress);
  EndWalk end;
  end.direction = direction;
  end.name = own.name;
  end.applies = own.pod != nullptr;
  if (!end.applies || is_node(own, asked.reading)) {
    return end;
  }
  for (const NetworkPolicy& policy : policies) {
    if (policy.id.namespace_name == own.pod->id.namespace_name && isolates(policy, direction) &&
        selects(policy.pod_selector, own.pod->labels)) {
      walk_policy(policy, asked, end);
    }
  }
  end.allowed = end.isolating.empty() || end.admitted_by.has_value();
  if (end.allowed) {
    end.nearest.reset();
  }
  return end;
}

Walk walk_as(const std::vector<NetworkPolicy>& policies, const Asked& asked) {
  Walk walked;
  walked.egress = walk_end(policies, Direction::egress, asked);
  walked.ingress = walk_end(policies, Direction::ingress, asked);
  const bool allowed = walked.egress.allowed && walked.ingress.allowed;
  walked.verdict = allowed ? Verdict::allowed : Verdict::blocked;
  return walked;
}

}  // namespace

Walk walk(const std::vector<NetworkPolicy>& policies, const WalkQuestion& question) {
  Walk walked = walk_as(policies, {question, HostReading::as_pod});
  const Pod* from = question.from.pod;
  const Pod* to = question.to.pod;
  if (from != nullptr && from == to) {
    walked.verdict = Verdict::allowed;
    walked.note = "a pod always reaches itself";
    return walked;
  }
  const bool host = (from != nullptr && from->host_network) || (to != nullptr && to->host_network);
  // On its own node it is let through; elsewhere it may be seen as a pod or as the node.
  const bool open_always =
      walked.verdict == Verdict::allowed &&
      (!host || walk_as(policies, {question, HostReading::as_node}).verdict == Verdict::allowed);
  if (host && !open_always) {
    walked.verdict = Verdict::either;
    walked.note =
        "the documentation leaves open what policies do to pods in the network of their node "
        "(hostNetwork); below they are taken as ordinary pods";
  }
  return walked;
}

}  // namespace nettest
