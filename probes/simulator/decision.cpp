#include "probes/simulator/decision.hpp"

#include <algorithm>

namespace nettest {

namespace {

/// Names look up nothing in an address that is no pod's.
bool covers_dialled_port(const CompiledRule& rule, Protocol protocol, Port port) {
  return rule.every_port ||
         std::any_of(rule.ports.begin(), rule.ports.end(), [&](const PortMatch& match) {
           return match.name.empty() && match.protocol == protocol && match.first <= port &&
                  port <= match.last;
         });
}

}  // namespace

bool covers(const IpBlock& block, const IpAddress& address) {
  return block.cidr.cidr && block.cidr.cidr->contains(address) &&
         std::none_of(block.except.begin(), block.except.end(), [&](const WrittenCidr& except) {
           return except.cidr && except.cidr->contains(address);
         });
}

bool Decider::node_known(PodIndex pod) const {
  return addresses_.node_of.contains(world_.pods[pod].id);
}

bool Decider::same_node(PodIndex a, PodIndex b) const {
  const auto first = addresses_.node_of.find(world_.pods[a].id);
  const auto second = addresses_.node_of.find(world_.pods[b].id);
  return first != addresses_.node_of.end() && second != addresses_.node_of.end() &&
         first->second == second->second;
}

bool Decider::block_admits(const CompiledRule& rule,
                           Direction direction,
                           const Connection& connection,
                           const Reading& reading) const {
  const auto& flow = connection.flow;
  const auto& groups = compiled_.groups();
  const bool dialled = reading.before_translation && direction == Direction::egress;
  if (dialled) {
    return covers_dialled_port(rule, flow.protocol, connection.dialled->port) &&
           std::any_of(rule.blocks.begin(), rule.blocks.end(), [&](const IpBlock* block) {
             return covers(*block, connection.dialled->address);
           });
  }
  const PodIndex peer = direction == Direction::egress ? connection.to : connection.from;
  return rule.in_blocks.at(family_index(flow.family)).contains(groups.group_of(peer)) &&
         compiled_.covers_port(rule, flow, groups.group_of(connection.to));
}

bool Decider::admits(const CompiledRule& rule,
                     Direction direction,
                     const Connection& connection,
                     const Reading& reading) const {
  const auto& groups = compiled_.groups();
  const PodIndex peer = direction == Direction::egress ? connection.to : connection.from;
  const bool seen_as_node = reading.host != HostReading::as_pod && world_.pods[peer].host_network;
  const bool selected =
      rule.every_peer || (!seen_as_node && rule.selected.contains(groups.group_of(peer)));
  if (selected && compiled_.covers_port(rule, connection.flow, groups.group_of(connection.to))) {
    return true;
  }
  return !rule.blocks.empty() && block_admits(rule, direction, connection, reading);
}

End Decider::decide_end(Direction direction,
                        const Connection& connection,
                        const Reading& reading) const {
  const PodIndex subject = direction == Direction::egress ? connection.from : connection.to;
  const PodIndex peer = direction == Direction::egress ? connection.to : connection.from;
  End end;
  const bool subject_is_node =
      reading.host != HostReading::as_pod && world_.pods[subject].host_network;
  const bool peer_is_own_node =
      reading.host == HostReading::as_own_node && world_.pods[peer].host_network;
  if (subject_is_node || peer_is_own_node) {
    return end;
  }
  const auto& isolating = compiled_.isolating(direction, compiled_.groups().group_of(subject));
  if (isolating.empty()) {
    return end;
  }
  end.isolating = &isolating;
  for (const PolicyIndex policy : isolating) {
    const auto& tried = rules(compiled_.policies()[policy], direction);
    for (std::size_t rule = 0; rule < tried.size(); ++rule) {
      if (admits(tried[rule], direction, connection, reading)) {
        end.admitted_by = RuleIndex{policy, rule};
        return end;
      }
    }
  }
  end.allowed = false;
  return end;
}

FlowOutcome Decider::decide(const Connection& connection, const Reading& reading) const {
  FlowOutcome outcome;
  outcome.egress = decide_end(Direction::egress, connection, reading);
  outcome.ingress = decide_end(Direction::ingress, connection, reading);
  const bool allowed = outcome.egress.allowed && outcome.ingress.allowed;
  outcome.verdict = allowed ? Verdict::allowed : Verdict::blocked;
  return outcome;
}

FlowOutcome Decider::decide(const Connection& connection) const {
  FlowOutcome outcome = decide(connection, Reading{});
  const auto differs = [&](const Reading& reading) {
    return decide(connection, reading).verdict != outcome.verdict;
  };
  const auto either = [&](LeftOpen why) {
    outcome.verdict = Verdict::either;
    outcome.left_open = why;
    return outcome;
  };
  const bool host_network =
      world_.pods[connection.from].host_network || world_.pods[connection.to].host_network;
  const bool translated = connection.dialled.has_value();
  if (translated && differs({HostReading::as_pod, true})) {
    return either(LeftOpen::translation);
  }
  if (!host_network) {
    return outcome;
  }
  const bool own_node = same_node(connection.from, connection.to);
  const bool known = node_known(connection.from) && node_known(connection.to);
  for (const bool before : {false, true}) {
    if (before && !translated) {
      continue;
    }
    if ((!own_node && differs({HostReading::as_node, before})) ||
        ((own_node || !known) && differs({HostReading::as_own_node, before}))) {
      return either(LeftOpen::host_network);
    }
  }
  return outcome;
}

}  // namespace nettest
