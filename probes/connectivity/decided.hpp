// What stands behind a Connectivity. Only for probes/connectivity. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "probes/connectivity/clauses.hpp"
#include "probes/connectivity/connectivity.hpp"
#include "probes/connectivity/rows.hpp"
#include "probes/simulator/compiled.hpp"

namespace nettest {

/// The compiled state, its clauses, and who stands behind which node.
struct Connectivity::Decided {
  Decided(const ClusterState& state,
          const AddressBook& addresses,
          const std::vector<std::string>& pod_names,
          ConnectionTable& shared_table,
          const ConnectivityOptions& options);

  /// Adds what the node may open to the row that is being made.
  void spread(NodeIndex source);
  /// Ends the row of an endpoint and hands it over.
  void collect(std::size_t source, std::vector<RowEntry>& out);

  /// Adds what the policies of `subject` say of its connection with `peer`.
  void read_node(Direction direction, NodeIndex subject, NodeIndex peer, EndReading& reading);

  ConnectionTable& table;
  CompiledPolicies compiled;
  Clauses clauses;
  RowBuilder rows;
  std::vector<Endpoint> endpoints;
  /// The nodes of each endpoint, ascending.
  std::vector<std::vector<NodeIndex>> nodes_of;
  /// Endpoints with several nodes.
  std::vector<std::size_t> mixed;

 private:
  /// The endpoints behind a node.
  [[nodiscard]] std::span<const std::uint32_t> endpoints_at(std::size_t node) const {
    return {behind_.data() + behind_begin_[node], behind_.data() + behind_begin_[node + 1]};
  }
  void index_nodes();
  [[nodiscard]] std::vector<std::vector<NodeIndex>> find_nodes() const;
  void sort_endpoints(std::vector<std::vector<NodeIndex>> nodes);

  /// For each node where its part of behind_ begins, and one past the last.
  std::vector<std::size_t> behind_begin_;
  std::vector<std::uint32_t> behind_;
  /// The row that is being made: per endpoint what passes, and for which there is something.
  std::vector<ConnectionId> row_;
  std::vector<Word> touched_;
};

}  // namespace nettest
