// The policies of a cluster as targets and peers: who is isolated, and whom the policies of equal
// selectors together let in or out. Pure.
#pragma once

#include <optional>
#include <vector>

#include "suites/network_policy.hpp"

namespace nettest {

/// Whom some rules let in or out, and on which ports.
struct PeerRule {
  /// Nothing: everybody, in the cluster and outside.
  std::optional<PolicyPeer> peer;
  /// Empty: every port of every protocol.
  std::vector<PolicyPort> ports;
};

/// The pods that one selector selects in one namespace, isolated in one direction.
struct PolicyTarget {
  Direction direction = Direction::ingress;
  std::string namespace_name;
  LabelSelector pods;
  /// The policies that say so, by name.
  std::vector<PolicyId> policies;
  /// What passes; empty: nothing.
  std::vector<PeerRule> rules;
};

/// Makes targets of policies; those with the same namespace and a selector that says the same are
/// one. Ingress first, then by namespace and selector. A rule with several peers is several here,
/// and rules that are written twice alike are one.
std::vector<PolicyTarget> targets_of(const std::vector<NetworkPolicy>& policies);

/// Says the same with less: one rule per peer, its ports joined; no rule that a wider one covers.
/// Exactly the same connections pass.
std::vector<PolicyTarget> simplified(std::vector<PolicyTarget> targets);

/// Writes a selector in one way, whatever way it was written in: what a single value of In says is
/// a match label, values and requirements are in order, each once.
LabelSelector canonical(const LabelSelector& selector);

/// Says whether two peers are written alike, up to the canonical form of their selectors.
bool same_peer(const std::optional<PolicyPeer>& a, const std::optional<PolicyPeer>& b);

}  // namespace nettest
