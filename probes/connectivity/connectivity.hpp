// Exactly what the policies of a state let pass between any two endpoints:
// workloads and ranges of outside addresses. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/connectivity/connection_set.hpp"
#include "probes/connectivity/external_ranges.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Somebody at an end of a connection, as outputs name them.
struct Endpoint {
  /// "frontend/webapp[Deployment]", or "0.0.0.0-9.255.255.255[External]".
  std::string name;
  /// The namespace; empty for outside addresses.
  std::string namespace_name;
  /// The pods of the workload, as indices into World::pods.
  std::vector<std::uint32_t> pods;
  std::optional<AddressRange> range;

  [[nodiscard]] bool external() const { return range.has_value(); }
};

/// Endpoints that no policy can tell apart.
struct EndpointClass {
  std::vector<std::uint32_t> members;
};

/// What is counted by Connectivity::summarize().
struct ConnectivitySummary {
  std::uint64_t workloads = 0;
  std::uint64_t ranges = 0;
  std::uint64_t policies = 0;
  /// Groups of endpoints that policies can tell apart.
  std::uint64_t classes = 0;
  /// Ordered pairs of different endpoints of which one is a workload, whether
  /// or not anything passes.
  std::uint64_t pairs = 0;
  /// Pairs by what passes, "No Connections" included, most first.
  std::vector<std::pair<ConnectionId, std::uint64_t>> by_connections;
  /// Workloads that no policy isolates.
  std::uint64_t open_to_ingress = 0;
  std::uint64_t open_to_egress = 0;
};

/// A destination of a row, by its place among the endpoints.
struct RowEntry {
  std::uint32_t destination = 0;
  ConnectionId connections = ConnectionTable::kNone;
};

/// What the policies of one end of a pair say, whatever the other end's say.
struct EndReading {
  /// A policy lets this much of it pass.
  struct Share {
    /// By its place in ClusterState::policies.
    std::uint32_t policy = 0;
    ConnectionId connections = ConnectionTable::kNone;
  };

  ConnectionId allowed = ConnectionTable::kNone;
  /// No policy isolates it (or some pod of it), so everything passes.
  bool open = false;
  /// The policies that isolate it.
  std::vector<std::uint32_t> isolating;
  std::vector<Share> shares;
};

struct ConnectivityOptions {
  std::vector<IpFamily> families = {IpFamily::ipv4};
  /// Further cuts of the outside addresses (the other side of a diff).
  std::vector<BlockSet> also_tell_apart;
};

/// A state whose connectivity is decided. The state, the addresses and the
/// table must outlive it. Not safe to share between threads: rows share
/// scratch space and the table.
class Connectivity {
 public:
  /// `pod_names[i]` is how outputs name `state.world.pods[i]`; pods of one name
  /// are one workload.
  Connectivity(const ClusterState& state,
               const AddressBook& addresses,
               const std::vector<std::string>& pod_names,
               ConnectionTable& table,
               const ConnectivityOptions& options = {});
  ~Connectivity();
  Connectivity(const Connectivity&) = delete;
  Connectivity& operator=(const Connectivity&) = delete;

  /// Sorted by name, bytewise.
  [[nodiscard]] const std::vector<Endpoint>& endpoints() const;
  [[nodiscard]] const ConnectionTable& table() const;

  /// Where `source` may open something, in the order of the endpoints; never
  /// itself, nothing between outside addresses. A workload of which policies
  /// treat pods differently has what any of its pods has. Costs what is found,
  /// not the number of endpoints.
  void row(std::size_t source, std::vector<RowEntry>& out) const;

  /// What the source's policies (egress) or the destination's (ingress) say of a pair. For a
  /// workload of which policies treat pods differently, what is said of any of its pods.
  [[nodiscard]] EndReading read_end(Direction direction,
                                    std::size_t source,
                                    std::size_t destination) const;

  /// Counts all pairs without visiting each.
  [[nodiscard]] ConnectivitySummary summarize() const;

  /// Endpoints grouped by what policies can tell apart, in order of their first
  /// members.
  [[nodiscard]] std::vector<EndpointClass> classes() const;

  /// Workloads of which policies treat pods differently.
  [[nodiscard]] std::vector<std::size_t> mixed() const;

  /// Says whether some policy isolates a pod of the endpoint.
  [[nodiscard]] bool isolated(std::size_t endpoint, Direction direction) const;

 private:
  struct Decided;

  /// Pairs by what passes; nothing for pairs with no connection.
  [[nodiscard]] std::map<ConnectionId, std::uint64_t> count_pairs() const;

  std::unique_ptr<Decided> decided_;
};

}  // namespace nettest
