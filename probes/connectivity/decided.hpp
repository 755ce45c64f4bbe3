// What stands behind a Connectivity. Only for probes/connectivity. Pure.
#pragma once

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

  /// Fills node_ids with what the node may open.
  void spread(NodeIndex source);

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
  /// Scratch of spread().
  std::vector<ConnectionId> node_ids;

 private:
  [[nodiscard]] std::vector<std::vector<NodeIndex>> find_nodes() const;
  void sort_endpoints(std::vector<std::vector<NodeIndex>> nodes);
};

}  // namespace nettest
