// The policies of a state as clauses "these sources may reach these
// destinations on these ports", over pod groups and outside ranges alike. Pure.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "probes/connectivity/bits.hpp"
#include "probes/connectivity/connection_set.hpp"
#include "probes/connectivity/external_ranges.hpp"
#include "probes/simulator/compiled.hpp"

namespace nettest {

/// An index into "all groups of pods, then all outside ranges".
using NodeIndex = std::uint32_t;

/// What one rule lets through at its own end. A rule whose ports are named is
/// one clause per number that the name stands for.
struct Clause {
  PolicyIndex policy = 0;
  std::uint32_t rule = 0;
  const Bits* sources = nullptr;
  const Bits* destinations = nullptr;
  ConnectionId connections = ConnectionTable::kNone;
};

/// The nodes of a namespace that has policies: they are neighbours.
struct NamespaceWindow {
  NodeIndex first = 0;
  /// One past the last.
  NodeIndex end = 0;
  /// The namespace's clauses per direction, as indices: begin included, end
  /// not.
  std::array<RangeRun, 2> clauses;
};

/// 0 for ingress, 1 for egress.
constexpr std::size_t direction_index(Direction direction) {
  return direction == Direction::ingress ? 0 : 1;
}

/// Every clause of a state, with what isolates whom.
class Clauses {
 public:
  static constexpr std::uint32_t kNoWindow = 0xFFFFFFFFU;

  Clauses(const CompiledPolicies& compiled,
          ConnectionTable& table,
          const std::vector<IpFamily>& families,
          const std::vector<BlockSet>& also_tell_apart = {});

  [[nodiscard]] std::size_t groups() const { return groups_; }
  [[nodiscard]] std::size_t nodes() const { return groups_ + ranges_.size(); }
  [[nodiscard]] const std::vector<AddressRange>& ranges() const { return ranges_; }
  /// Sorted by namespace window.
  [[nodiscard]] const std::vector<Clause>& of(Direction direction) const {
    return clauses_.at(direction_index(direction));
  }
  [[nodiscard]] const std::vector<NamespaceWindow>& windows() const { return windows_; }
  /// The window of a node, or kNoWindow.
  [[nodiscard]] std::uint32_t window_of(NodeIndex node) const { return window_of_[node]; }
  /// The nodes that some policy isolates.
  [[nodiscard]] const Bits& isolated(Direction direction) const {
    return isolated_.at(direction_index(direction));
  }
  /// The nodes that no policy isolates for ingress, outside ranges included.
  [[nodiscard]] const Bits& open_to_ingress() const { return open_; }

 private:
  using Indices = std::vector<std::uint32_t>;
  /// Where a rule stands, and between whom.
  struct RuleSite {
    Direction direction;
    Clause base;
    const Indices& targets;
    const Indices& peers;
  };

  void add_ranges(const CompiledPolicies& compiled,
                  const std::vector<IpFamily>& families,
                  const std::vector<BlockSet>& also_tell_apart);
  void add_windows(const CompiledPolicies& compiled);
  void add_window(const CompiledPolicies& compiled, const std::vector<PolicyIndex>& policies);
  void add_policy(const CompiledPolicies& compiled, PolicyIndex policy, Direction direction);
  void add_named(const Groups& groups, const RuleSite& site, const PortMatch& match);
  void add_clause(Direction direction, Clause clause, const Indices& targets, const Indices& peers);
  [[nodiscard]] Indices peers_of(const CompiledRule& rule) const;
  [[nodiscard]] const std::map<Port, Indices>& numbers_of(const Groups& groups,
                                                          const PortMatch& match);
  [[nodiscard]] const Bits* intern(const Indices& ascending);

  ConnectionTable& table_;
  std::size_t groups_ = 0;
  std::vector<AddressRange> ranges_;
  std::unordered_map<const PolicyRule*, Indices> ranges_of_rule_;
  std::array<std::vector<Clause>, 2> clauses_;
  std::vector<NamespaceWindow> windows_;
  std::vector<std::uint32_t> window_of_;
  std::array<Bits, 2> isolated_;
  Bits open_;
  std::unordered_map<std::string, std::map<Port, Indices>> named_;
  std::unordered_multimap<std::size_t, const Bits*> interned_;
  std::deque<Bits> pool_;
};

}  // namespace nettest
