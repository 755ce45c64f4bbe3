// The network of a local world: state, addresses, wires, files and rules kept in step. Everything
// of the local engine that is not a process. Touches namespaces, rtnetlink, nftables and mounts.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/local/nft.hpp"
#include "harness/local/node_program.hpp"
#include "harness/local/pod_files.hpp"
#include "harness/local/topology.hpp"
#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

/// The pods that come and go with some changes; one that is replaced is in both.
struct PodTurnover {
  std::vector<PodId> gone;
  std::vector<PodId> made;
};

/// Calls come from one thread. Inside a private world only (harness/local/private_world.hpp).
class Fabric {
 public:
  /// `folder` is for files; `compile` makes the rulesets.
  explicit Fabric(const std::string& folder, CompileNode compile = compile_node);

  /// Builds the network of a world, without policies.
  Result<void> build(const World& world);

  /// Works out what the changes lead to, without doing anything yet: the pods whose processes must
  /// end before, and be started after commit().
  Result<PodTurnover> prepare(std::span<const Change> changes);
  /// Does what was prepared. The rules come first: a new pod is never without them.
  Result<void> commit();

  /// Makes and loads the rulesets again, of the state as it is.
  Result<void> reload() { return load_rules(); }

  [[nodiscard]] const ClusterState& state() const { return state_; }
  [[nodiscard]] const AddressBook& addresses() const { return addresses_; }
  [[nodiscard]] const Topology& topology() const { return topology_; }
  [[nodiscard]] bool ipv6() const { return ipv6_; }

  /// Removes everything; also after a failure.
  void clear();

 private:
  struct Prepared {
    ClusterState state;
    AddressBook addresses;
    PodTurnover turnover;
  };

  [[nodiscard]] AddressBook assign(const World& world, const AddressBook& before) const;
  Result<void> open_rules();
  Result<void> load_rules();
  Result<void> add_pods(const std::vector<PodId>& ids);

  PodFiles files_;
  CompileNode compile_;
  bool ipv6_ = true;
  ClusterState state_;
  AddressBook addresses_;
  Prepared prepared_;
  Topology topology_;
  std::map<std::string, Nft> rules_;
  unsigned generation_ = 0;
};

/// Says whether this kernel has IPv6 at all.
bool kernel_has_ipv6();

}  // namespace nettest
