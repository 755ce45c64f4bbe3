// The policies of a state as sets of pod groups: whom each selects, and whom
// each of its rules lets in or out. Pure. The reading of NetworkPolicy v1 for
// one end of a connection; what happens around it (services, DNS, hostNetwork)
// is simulator.cpp.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "probes/simulator/groups.hpp"
#include "suites/world.hpp"

namespace nettest {

inline constexpr Port kFirstPort = 1;
inline constexpr Port kLastPort = 65535;

/// One entry of `ports`: a stretch of numbers, or a name that stands for a
/// number in each destination pod.
struct PortMatch {
  Protocol protocol = Protocol::tcp;
  Port first = kFirstPort;
  Port last = kLastPort;
  /// Empty for numbers.
  std::string name;
};

/// One rule. `written` and the blocks point into the state.
struct CompiledRule {
  const PolicyRule* written = nullptr;
  /// No `from`/`to`: whoever it is, inside or outside the cluster.
  bool every_peer = false;
  /// Groups that some podSelector/namespaceSelector peer selects (all groups
  /// when every_peer).
  GroupSet selected;
  /// Groups whose address some ipBlock peer covers, per family (index:
  /// family_index).
  std::array<GroupSet, 2> in_blocks;
  std::vector<const IpBlock*> blocks;
  bool every_port = false;
  std::vector<PortMatch> ports;
};

struct CompiledPolicy {
  const NetworkPolicy* written = nullptr;
  /// The groups that podSelector selects in the policy's namespace.
  GroupSet targets;
  std::vector<CompiledRule> ingress;
  std::vector<CompiledRule> egress;
};

const std::vector<CompiledRule>& rules(const CompiledPolicy& policy, Direction direction);

/// 0 for IPv4, 1 for IPv6.
constexpr std::size_t family_index(IpFamily family) {
  return family == IpFamily::ipv4 ? 0 : 1;
}

/// What a connection asks for, as seen at the destination pod (after a service
/// was translated).
struct Flow {
  Protocol protocol = Protocol::tcp;
  Port port = 0;
  IpFamily family = IpFamily::ipv4;
};

/// A policy, by its place in ClusterState::policies.
using PolicyIndex = std::uint32_t;

/// All policies of a state, compiled. The state must outlive it. Building
/// costs O(pods × labels + policies × set operations), never pods × policies.
class CompiledPolicies {
 public:
  CompiledPolicies(const ClusterState& state,
                   const AddressBook& addresses,
                   GroupingOptions options = {});

  [[nodiscard]] const Groups& groups() const { return groups_; }
  [[nodiscard]] const std::vector<CompiledPolicy>& policies() const { return policies_; }
  /// The policies that isolate the group in that direction, in state order.
  [[nodiscard]] const std::vector<PolicyIndex>& isolating(Direction direction,
                                                          GroupIndex group) const;
  /// All groups that some policy isolates in that direction.
  [[nodiscard]] const GroupSet& isolated(Direction direction) const;

  /// Says whether some entry of the rule's ports covers the flow, with names
  /// looked up in `destination`.
  [[nodiscard]] bool covers_port(const CompiledRule& rule,
                                 const Flow& flow,
                                 GroupIndex destination) const;
  /// Says whether some peer of the rule is `peer`, reached at (or coming from)
  /// its own address.
  [[nodiscard]] static bool covers_peer(const CompiledRule& rule, IpFamily family, GroupIndex peer);

  /// Everybody whom the policies of `subject` let through: the sources of an
  /// ingress flow, the destinations of an egress flow. All groups when nothing
  /// isolates it. (A pod reaching itself is not considered.)
  [[nodiscard]] GroupSet admitted(Direction direction, GroupIndex subject, const Flow& flow) const;

 private:
  [[nodiscard]] GroupSet admitted_by(const CompiledRule& rule,
                                     Direction direction,
                                     GroupIndex subject,
                                     const Flow& flow) const;

  Groups groups_;
  std::vector<CompiledPolicy> policies_;
  /// Per direction, per group.
  std::array<std::vector<std::vector<PolicyIndex>>, 2> isolating_;
  std::array<GroupSet, 2> isolated_;
};

}  // namespace nettest
