// Which pods say that they serve which port. Pure. Private to probes/lint.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "probes/connectivity/connection_set.hpp"
#include "probes/simulator/groups.hpp"

namespace nettest {

/// Ports that the pods of a state declare, by group.
class PortFacts {
 public:
  PortFacts(const World& world, const Groups& groups);

  /// Groups with a pod that declares no port at all, and may serve any.
  [[nodiscard]] const GroupSet& silent() const { return silent_; }
  /// Says whether a pod of `groups` declares a port from `first` to `last`.
  [[nodiscard]] bool serves(const GroupSet& groups, Protocol protocol, Port first, Port last) const;
  /// Says whether a pod of `groups` has a port of that name.
  [[nodiscard]] bool has_name(const GroupSet& groups,
                              Protocol protocol,
                              const std::string& name) const;
  /// The names of ports of the first pods of `groups`; for messages.
  [[nodiscard]] std::map<std::string, std::set<Protocol>> names(const GroupSet& groups) const;
  /// The numbers that they declare.
  [[nodiscard]] ConnectionSet declared(const GroupSet& groups) const;

 private:
  /// Calls `visit` for every port of the first pods of `groups`.
  template <typename Visit>
  void visit(const GroupSet& groups, Visit visit) const;

  const World& world_;
  const Groups& groups_;
  GroupSet silent_;
  std::map<std::pair<Protocol, Port>, GroupSet> by_number_;
  std::unordered_map<std::string, GroupSet> by_name_;
};

}  // namespace nettest
