// What the policies say of a connection between two pods, under every reading
// that the documentation leaves open. Pure.
#pragma once

#include <optional>

#include "probes/prediction.hpp"
#include "probes/simulator/compiled.hpp"

namespace nettest {

/// What was dialled when a service stood before the pod.
struct Dialled {
  IpAddress address;
  Port port = 0;
};

/// A connection from one pod to another, as it arrives at the second.
struct Connection {
  PodIndex from = 0;
  PodIndex to = 0;
  Flow flow;
  /// Set when the address that was dialled was translated on the way.
  std::optional<Dialled> dialled;
};

/// A rule, by its places.
struct RuleIndex {
  PolicyIndex policy = 0;
  std::size_t rule = 0;
};

/// What one end decides.
struct End {
  bool allowed = true;
  /// Null where no policy is asked (none isolates the pod, or it is seen as
  /// its node).
  const std::vector<PolicyIndex>* isolating = nullptr;
  std::optional<RuleIndex> admitted_by;
};

/// Why a verdict is `either`.
enum class LeftOpen { nothing, host_network, translation };

struct FlowOutcome {
  Verdict verdict = Verdict::allowed;
  LeftOpen left_open = LeftOpen::nothing;
  End egress;
  End ingress;
};

/// Decides connections between different pods of a state. All arguments must
/// outlive it.
class Decider {
 public:
  Decider(const CompiledPolicies& compiled, const World& world, const AddressBook& addresses)
      : compiled_(compiled), world_(world), addresses_(addresses) {}

  /// Decides under each reading that applies: they agree, or it is `either`.
  [[nodiscard]] FlowOutcome decide(const Connection& connection) const;

 private:
  /// How a hostNetwork pod is seen: as a pod, as a node elsewhere, or as the
  /// other pod's own node.
  /// https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
  enum class HostReading { as_pod, as_node, as_own_node };
  struct Reading {
    HostReading host = HostReading::as_pod;
    /// ipBlock is compared with what was dialled, not with the backend.
    bool before_translation = false;
  };

  [[nodiscard]] FlowOutcome decide(const Connection& connection, const Reading& reading) const;
  [[nodiscard]] End decide_end(Direction direction,
                               const Connection& connection,
                               const Reading& reading) const;
  [[nodiscard]] bool admits(const CompiledRule& rule,
                            Direction direction,
                            const Connection& connection,
                            const Reading& reading) const;
  [[nodiscard]] bool block_admits(const CompiledRule& rule,
                                  Direction direction,
                                  const Connection& connection,
                                  const Reading& reading) const;
  [[nodiscard]] bool same_node(PodIndex a, PodIndex b) const;
  [[nodiscard]] bool node_known(PodIndex pod) const;

  const CompiledPolicies& compiled_;
  const World& world_;
  const AddressBook& addresses_;
};

/// Says whether the block holds the address and no exception does.
bool covers(const IpBlock& block, const IpAddress& address);

}  // namespace nettest
