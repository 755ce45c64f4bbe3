// NetworkPolicy (networking.k8s.io/v1) as plain values, after the defaults of
// the API server. Pure. Simulator and local policy compiler share these values
// and nothing else.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ip.hpp"

namespace nettest {

using Labels = std::map<std::string, std::string>;
using Port = std::uint16_t;

enum class Protocol { tcp, udp, sctp };
enum class Direction { ingress, egress };

/// Says "TCP", "UDP" or "SCTP".
std::string_view to_string(Protocol protocol);
/// Says "ingress" or "egress".
std::string_view to_string(Direction direction);

enum class SelectorOperator { in, not_in, exists, does_not_exist };

/// Says "In", "NotIn", "Exists" or "DoesNotExist".
std::string_view to_string(SelectorOperator op);

/// One entry of matchExpressions.
struct SelectorRequirement {
  std::string key;
  SelectorOperator op = SelectorOperator::exists;
  std::vector<std::string> values;

  bool operator==(const SelectorRequirement&) const = default;
};

/// metav1.LabelSelector. An empty selector ({}) selects everything; an absent
/// one is a std::nullopt where it may be absent.
struct LabelSelector {
  Labels match_labels;
  std::vector<SelectorRequirement> match_expressions;
  Location where = {};

  [[nodiscard]] bool empty() const { return match_labels.empty() && match_expressions.empty(); }
  bool operator==(const LabelSelector& other) const {
    return match_labels == other.match_labels && match_expressions == other.match_expressions;
  }
};

/// Formats as kubectl does: "app=web,tier in (a,b),!legacy"; "<everything>" for
/// an empty selector.
std::string to_string(const LabelSelector& selector);

/// An address block as the author wrote it. While `written` holds a placeholder
/// such as `$(ip z/c)/24`, `cidr` is empty; resolve_placeholders() of
/// suites/suite_reader.hpp fills it. Simulator and compilers only ever see
/// filled blocks.
struct WrittenCidr {
  std::string written;
  std::optional<Cidr> cidr;
  Location where;

  bool operator==(const WrittenCidr& other) const {
    return written == other.written && cidr == other.cidr;
  }
};

struct IpBlock {
  WrittenCidr cidr;
  std::vector<WrittenCidr> except;

  bool operator==(const IpBlock&) const = default;
};

/// NetworkPolicyPeer: either ip_block alone, or one or both selectors (both:
/// AND).
struct PolicyPeer {
  std::optional<LabelSelector> pod_selector;
  std::optional<LabelSelector> namespace_selector;
  std::optional<IpBlock> ip_block;
  Location where;
};

/// NetworkPolicyPort. No port: every port of the protocol. `end_port` only with
/// a number.
struct PolicyPort {
  Protocol protocol = Protocol::tcp;
  std::variant<std::monostate, Port, std::string> port;
  std::optional<Port> end_port;
  Location where;
};

/// One rule of ingress or egress. No peers: every peer; no ports: every port
/// (absent and [] mean the same to the API).
struct PolicyRule {
  std::vector<PolicyPeer> peers;
  std::vector<PolicyPort> ports;
  Location where;
  /// Where a list stands that is written and names nobody (`from: []`), which
  /// authors often mean otherwise.
  std::optional<Location> empty_peers = {};
  std::optional<Location> empty_ports = {};
};

struct PolicyId {
  std::string namespace_name;
  std::string name;

  auto operator<=>(const PolicyId&) const = default;
};

/// Formats as "namespace/name".
std::string to_string(const PolicyId& id);

/// A defaulted NetworkPolicy. `isolates_ingress/egress` are its policyTypes;
/// rules of a direction that it does not isolate have no effect (the API server
/// keeps them, and so do we).
struct NetworkPolicy {
  PolicyId id;
  Labels labels;
  LabelSelector pod_selector;
  bool isolates_ingress = true;
  bool isolates_egress = false;
  bool policy_types_written = true;
  std::vector<PolicyRule> ingress;
  std::vector<PolicyRule> egress;
  Location where;
};

/// Says whether two policies say the same in the same order; places and the spelling of
/// blocks aside.
bool same_policy(const NetworkPolicy& a, const NetworkPolicy& b);

/// The rules of one direction, in the order of the manifest.
const std::vector<PolicyRule>& rules(const NetworkPolicy& policy, Direction direction);
bool isolates(const NetworkPolicy& policy, Direction direction);

}  // namespace nettest
