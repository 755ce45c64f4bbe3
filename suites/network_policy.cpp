#include "suites/network_policy.hpp"

#include <string_view>

#include "base/text.hpp"

namespace nettest {

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

const std::vector<PolicyRule>& rules(const NetworkPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.ingress : policy.egress;
}

bool isolates(const NetworkPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.isolates_ingress : policy.isolates_egress;
}

}  // namespace nettest
