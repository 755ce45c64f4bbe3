// What changes between two states: pairs of which more or less may pass, and the policies that make
// the difference. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "probes/connectivity/connectivity.hpp"

namespace nettest {

/// How the connections of a pair change: from none to some (allowed), from some to none (blocked),
/// to more (widened), to less (narrowed), to others (changed: some gained, some lost).
enum class PairChange { allowed, blocked, widened, narrowed, changed };

/// Says "allowed", "blocked", "widened", "narrowed" or "changed".
std::string_view to_string(PairChange change);

/// A place in a list of endpoints, or kNobody where the other state has nobody of that name.
using EndpointIndex = std::uint32_t;
inline constexpr EndpointIndex kNobody = 0xFFFFFFFFU;

/// Somebody of either state.
struct DiffEndpoint {
  std::string_view name;
  EndpointIndex before = kNobody;
  EndpointIndex after = kNobody;
};

/// A pair whose connections change. The endpoints live as long as the ConnectivityDiff.
struct ChangedPair {
  const DiffEndpoint* source = nullptr;
  const DiffEndpoint* destination = nullptr;
  ConnectionId before = ConnectionTable::kNone;
  ConnectionId after = ConnectionTable::kNone;
  PairChange change = PairChange::changed;
};

/// What happened to a policy from one state to the other.
enum class PolicyFate { added, removed, changed, unchanged };

/// Says "added", "removed", "changed" or "unchanged".
std::string_view to_string(PolicyFate fate);

/// How a policy makes the difference to a pair.
enum class PolicyEffect { lets_in, let_in, isolates, isolated };

/// Says "lets it through now", "let it through", "isolates it now" or "isolated it".
std::string_view to_string(PolicyEffect effect);

/// A policy that makes the difference, at the source's end (egress) or the destination's.
struct DiffCause {
  Direction direction = Direction::ingress;
  PolicyId policy;
  PolicyFate fate = PolicyFate::changed;
  PolicyEffect effect = PolicyEffect::lets_in;

  auto operator<=>(const DiffCause&) const = default;
};

/// What of a policy or workload is only in one state, or in both differently.
struct DiffTally {
  std::size_t added = 0;
  std::size_t removed = 0;
  std::size_t changed = 0;
};

/// A decided state with its policies, in state order.
struct DiffSide {
  const Connectivity& connectivity;
  const std::vector<NetworkPolicy>& policies;
};

/// Two states side by side. Both must share one ConnectionTable, and each must tell apart the
/// outside addresses that the other does (ConnectivityOptions::also_tell_apart).
class ConnectivityDiff {
 public:
  ConnectivityDiff(DiffSide before, DiffSide after);

  /// Visits the changed pairs in the order of `list`; keeps none.
  void each(const std::function<void(const ChangedPair&)>& visit) const;

  /// The policies that make the difference, each once; empty where somebody is only in one state
  /// and no policy has to do with it.
  [[nodiscard]] std::vector<DiffCause> causes(const ChangedPair& pair) const;

  [[nodiscard]] const ConnectionTable& table() const { return before_.connectivity.table(); }
  [[nodiscard]] DiffTally policies() const;
  /// Workloads; their labels are not compared.
  [[nodiscard]] DiffTally workloads() const;

 private:
  void add_causes(const ChangedPair& pair,
                  Direction direction,
                  std::vector<DiffCause>& causes) const;

  DiffSide before_;
  DiffSide after_;
  std::vector<DiffEndpoint> endpoints_;
  std::map<PolicyId, PolicyFate> fates_;
};

}  // namespace nettest
