#include "suites/network_policy.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace nettest {

namespace {

bool same_cidr(const WrittenCidr& a, const WrittenCidr& b) {
  return a.cidr || b.cidr ? a.cidr == b.cidr : a.written == b.written;
}

bool same_block(const std::optional<IpBlock>& a, const std::optional<IpBlock>& b) {
  if (!a || !b) {
    return !a && !b;
  }
  return same_cidr(a->cidr, b->cidr) &&
         std::equal(
             a->except.begin(), a->except.end(), b->except.begin(), b->except.end(), same_cidr);
}

}  // namespace

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp:
      return "TCP";
    case Protocol::udp:
      return "UDP";
    case Protocol::sctp:
      return "SCTP";
  }
  return "?";
}

std::string_view to_string(Direction direction) {
  return direction == Direction::ingress ? "ingress" : "egress";
}

std::string_view to_string(SelectorOperator op) {
  switch (op) {
    case SelectorOperator::in:
      return "In";
    case SelectorOperator::not_in:
      return "NotIn";
    case SelectorOperator::exists:
      return "Exists";
    case SelectorOperator::does_not_exist:
      return "DoesNotExist";
  }
  return "?";
}

std::string to_string(const LabelSelector& selector) {
  if (selector.empty()) {
    return "<everything>";
  }
  std::vector<std::string> parts;
  for (const auto& [key, value] : selector.match_labels) {
    parts.push_back(key + "=" + value);
  }
  for (const auto& requirement : selector.match_expressions) {
    switch (requirement.op) {
      case SelectorOperator::in:
        parts.push_back(requirement.key + " in (" + join(requirement.values, ",") + ")");
        break;
      case SelectorOperator::not_in:
        parts.push_back(requirement.key + " notin (" + join(requirement.values, ",") + ")");
        break;
      case SelectorOperator::exists:
        parts.push_back(requirement.key);
        break;
      case SelectorOperator::does_not_exist:
        parts.push_back("!" + requirement.key);
        break;
    }
  }
  return join(parts, ",");
}

std::string to_string(const PolicyId& id) {
  return id.namespace_name + "/" + id.name;
}

bool same_policy(const NetworkPolicy& a, const NetworkPolicy& b) {
  const auto all_same = [](const auto& left, const auto& right, auto same) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
  };
  const auto same_port = [](const PolicyPort& left, const PolicyPort& right) {
    return left.protocol == right.protocol && left.port == right.port &&
           left.end_port == right.end_port;
  };
  const auto same_peer = [&](const PolicyPeer& left, const PolicyPeer& right) {
    return left.pod_selector == right.pod_selector &&
           left.namespace_selector == right.namespace_selector &&
           same_block(left.ip_block, right.ip_block);
  };
  const auto same_rule = [&](const PolicyRule& left, const PolicyRule& right) {
    return all_same(left.peers, right.peers, same_peer) &&
           all_same(left.ports, right.ports, same_port);
  };
  return a.id == b.id && a.labels == b.labels && a.pod_selector == b.pod_selector &&
         a.isolates_ingress == b.isolates_ingress && a.isolates_egress == b.isolates_egress &&
         all_same(a.ingress, b.ingress, same_rule) && all_same(a.egress, b.egress, same_rule);
}

const std::vector<PolicyRule>& rules(const NetworkPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.ingress : policy.egress;
}

bool isolates(const NetworkPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.isolates_ingress : policy.isolates_egress;
}

}  // namespace nettest
