// Pods grouped by everything that the policies in force can tell apart: their
// namespace, the labels that selectors ask about, the named ports that rules
// name, the address blocks that they are in. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probes/simulator/selectors.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A pod, by its place in World::pods.
using PodIndex = std::uint32_t;
/// A group of pods that no policy can tell apart, from 0.
using GroupIndex = std::uint32_t;

struct GroupingOptions {
  /// False makes every pod a group of its own (for tests of the grouping).
  bool merge = true;
};

/// The groups of a state, and what selectors, blocks and port names select
/// among them. The state must outlive it. Groups of one namespace are
/// neighbours. Building costs O(pods × labels); selecting is a few set
/// operations.
class Groups {
 public:
  Groups(const ClusterState& state, const AddressBook& addresses, GroupingOptions options);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] GroupIndex group_of(PodIndex pod) const { return group_of_[pod]; }
  [[nodiscard]] const std::vector<PodIndex>& members(GroupIndex group) const {
    return members_[group];
  }
  /// The first pod of the group; policies cannot tell the others from it.
  [[nodiscard]] const Pod& representative(GroupIndex group) const;
  [[nodiscard]] std::optional<PodIndex> find(const PodId& id) const;

  [[nodiscard]] const GroupSet& all() const { return pod_labels_.all(); }
  /// The pods of a namespace that holds a policy (others may share groups, and
  /// are not known here).
  [[nodiscard]] const GroupSet& in_policy_namespace(const std::string& name) const;
  /// Pods of any namespace whose labels are selected.
  [[nodiscard]] GroupSet pods(const LabelSelector& selector) const;
  /// All pods of the namespaces whose labels are selected.
  [[nodiscard]] GroupSet pods_of_namespaces(const LabelSelector& selector) const;
  /// Pods whose address of `family` is in the block and in none of its
  /// exceptions. A block of the other family selects nobody.
  [[nodiscard]] GroupSet in_block(const IpBlock& block, IpFamily family) const;

  /// The number behind a port name in pods of the group, for names that
  /// policies use.
  [[nodiscard]] std::optional<Port> named_port(GroupIndex group,
                                               const std::string& name,
                                               Protocol protocol) const;
  /// Pods in which a port name stands for `port`.
  [[nodiscard]] GroupSet with_named_port(const std::string& name,
                                         Protocol protocol,
                                         Port port) const;

 private:
  struct PodIdHash {
    std::size_t operator()(const PodId& id) const;
  };
  using Addressed = std::pair<IpAddress, GroupIndex>;

  void index_groups(const ClusterState& state,
                    const AddressBook& addresses,
                    const Vocabulary& namespace_words);
  void index_group(GroupIndex group, const AddressBook& addresses);
  void add_range(GroupSet& members, const Cidr& block, bool include) const;

  const World& world_;
  std::unordered_map<PodId, PodIndex, PodIdHash> pod_index_;
  std::vector<GroupIndex> group_of_;
  std::vector<std::vector<PodIndex>> members_;
  std::unordered_map<std::string, GroupSet> in_namespace_;
  LabelIndex pod_labels_;
  LabelIndex namespace_labels_;
  /// Addresses of groups in order, both families (a family is a stretch).
  std::vector<Addressed> by_address_;
  std::unordered_map<std::string, GroupSet> with_named_port_;
  std::vector<std::string> port_names_;
};

}  // namespace nettest
