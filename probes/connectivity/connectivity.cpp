#include "probes/connectivity/connectivity.hpp"

#include <algorithm>
#include <map>

#include "probes/connectivity/decided.hpp"

namespace nettest {

Connectivity::Connectivity(const ClusterState& state,
                           const AddressBook& addresses,
                           const std::vector<std::string>& pod_names,
                           ConnectionTable& table,
                           const ConnectivityOptions& options)
    : decided_(std::make_unique<Decided>(state, addresses, pod_names, table, options)) {}

Connectivity::~Connectivity() = default;

const std::vector<Endpoint>& Connectivity::endpoints() const {
  return decided_->endpoints;
}

const ConnectionTable& Connectivity::table() const {
  return decided_->table;
}

std::vector<std::size_t> Connectivity::mixed() const {
  return decided_->mixed;
}

bool Connectivity::isolated(std::size_t endpoint, Direction direction) const {
  const auto& nodes = decided_->nodes_of[endpoint];
  const Bits& isolated = decided_->clauses.isolated(direction);
  return std::any_of(
      nodes.begin(), nodes.end(), [&](NodeIndex node) { return isolated.contains(node); });
}

void Connectivity::row(std::size_t source, std::vector<RowEntry>& out) const {
  for (const NodeIndex node : decided_->nodes_of[source]) {
    decided_->spread(node);
  }
  decided_->collect(source, out);
}

EndReading Connectivity::read_end(Direction direction,
                                  std::size_t source,
                                  std::size_t destination) const {
  EndReading reading;
  const bool is_ingress = direction == Direction::ingress;
  for (const NodeIndex subject : decided_->nodes_of[is_ingress ? destination : source]) {
    for (const NodeIndex peer : decided_->nodes_of[is_ingress ? source : destination]) {
      decided_->read_node(direction, subject, peer, reading);
    }
  }
  std::sort(reading.isolating.begin(), reading.isolating.end());
  reading.isolating.erase(std::unique(reading.isolating.begin(), reading.isolating.end()),
                          reading.isolating.end());
  return reading;
}

std::vector<EndpointClass> Connectivity::classes() const {
  std::vector<EndpointClass> classes;
  std::map<std::vector<NodeIndex>, std::size_t> known;
  for (std::uint32_t i = 0; i < decided_->endpoints.size(); ++i) {
    const auto [entry, fresh] = known.try_emplace(decided_->nodes_of[i], classes.size());
    if (fresh) {
      classes.emplace_back();
    }
    classes[entry->second].members.push_back(i);
  }
  return classes;
}

}  // namespace nettest
