#include "probes/connectivity/decided.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace nettest {

namespace {

std::vector<Endpoint> workloads_of(const World& world, const std::vector<std::string>& names) {
  std::vector<Endpoint> endpoints;
  std::unordered_map<std::string, std::size_t> known;
  for (std::uint32_t pod = 0; pod < world.pods.size(); ++pod) {
    const auto [entry, fresh] = known.try_emplace(names[pod], endpoints.size());
    if (fresh) {
      endpoints.push_back({names[pod], world.pods[pod].id.namespace_name, {}, {}});
    }
    endpoints[entry->second].pods.push_back(pod);
  }
  return endpoints;
}

}  // namespace

Connectivity::Decided::Decided(const ClusterState& state,
                               const AddressBook& addresses,
                               const std::vector<std::string>& pod_names,
                               ConnectionTable& shared_table,
                               const ConnectivityOptions& options)
    : table(shared_table),
      compiled(state, addresses),
      clauses(compiled, table, options.families, options.also_tell_apart),
      rows(clauses, table),
      endpoints(workloads_of(state.world, pod_names)) {
  for (const AddressRange& range : clauses.ranges()) {
    endpoints.push_back({to_string(range) + "[External]", "", {}, range});
  }
  sort_endpoints(find_nodes());
  index_nodes();
  row_.assign(endpoints.size(), ConnectionTable::kNone);
  touched_.assign(endpoints.size() / kWordBits + 1, 0);
}

void Connectivity::Decided::index_nodes() {
  behind_begin_.assign(clauses.nodes() + 1, 0);
  for (const auto& nodes : nodes_of) {
    for (const NodeIndex node : nodes) {
      ++behind_begin_[node + 1];
    }
  }
  std::partial_sum(behind_begin_.begin(), behind_begin_.end(), behind_begin_.begin());
  behind_.resize(behind_begin_.back());
  std::vector<std::size_t> next(behind_begin_.begin(), behind_begin_.end() - 1);
  for (std::uint32_t i = 0; i < nodes_of.size(); ++i) {
    for (const NodeIndex node : nodes_of[i]) {
      behind_[next[node]++] = i;
    }
  }
}

std::vector<std::vector<NodeIndex>> Connectivity::Decided::find_nodes() const {
  std::vector<std::vector<NodeIndex>> nodes(endpoints.size());
  auto next_range = static_cast<NodeIndex>(clauses.groups());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].external()) {
      nodes[i].push_back(next_range++);
    }
    for (const std::uint32_t pod : endpoints[i].pods) {
      nodes[i].push_back(compiled.groups().group_of(pod));
    }
    std::sort(nodes[i].begin(), nodes[i].end());
    nodes[i].erase(std::unique(nodes[i].begin(), nodes[i].end()), nodes[i].end());
  }
  return nodes;
}

void Connectivity::Decided::sort_endpoints(std::vector<std::vector<NodeIndex>> nodes) {
  std::vector<std::size_t> order(endpoints.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return endpoints[a].name < endpoints[b].name;
  });
  std::vector<Endpoint> sorted;
  sorted.reserve(order.size());
  for (const std::size_t old : order) {
    if (nodes[old].size() > 1) {
      mixed.push_back(sorted.size());
    }
    sorted.push_back(std::move(endpoints[old]));
    nodes_of.push_back(std::move(nodes[old]));
  }
  endpoints = std::move(sorted);
}

void Connectivity::Decided::spread(NodeIndex source) {
  const Row& row = rows.build(source);
  for (const RowPiece& piece : row.pieces) {
    const auto add = [&](std::size_t node) {
      for (const std::uint32_t endpoint : endpoints_at(node)) {
        row_[endpoint] = table.united(row_[endpoint], piece.connections);
        touched_[endpoint / kWordBits] |= Word{1} << (endpoint % kWordBits);
      }
    };
    for (std::size_t i = 0; i < piece.size; ++i) {
      for_each_bit(row.words[piece.offset + i], (piece.first_word + i) * kWordBits, add);
    }
  }
}

void Connectivity::Decided::collect(std::size_t source, std::vector<RowEntry>& out) {
  out.clear();
  const bool from_outside = endpoints[source].external();
  for (std::size_t at = 0; at < touched_.size(); ++at) {
    for_each_bit(touched_[at], at * kWordBits, [&](std::size_t endpoint) {
      if (endpoint != source && !(from_outside && endpoints[endpoint].external())) {
        out.push_back({static_cast<std::uint32_t>(endpoint), row_[endpoint]});
      }
      row_[endpoint] = ConnectionTable::kNone;
    });
    touched_[at] = 0;
  }
}

void Connectivity::Decided::read_node(Direction direction,
                                      NodeIndex subject,
                                      NodeIndex peer,
                                      EndReading& reading) {
  if (!clauses.isolated(direction).contains(subject)) {
    reading.allowed = ConnectionTable::kAll;
    reading.open = true;
    return;
  }
  const bool is_ingress = direction == Direction::ingress;
  const auto& isolating = compiled.isolating(direction, subject);
  reading.isolating.insert(reading.isolating.end(), isolating.begin(), isolating.end());
  const NamespaceWindow& window = clauses.windows()[clauses.window_of(subject)];
  const RangeRun& run = window.clauses.at(direction_index(direction));
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    const Clause& clause = clauses.of(direction)[i];
    if (clause.sources->contains(is_ingress ? peer : subject) &&
        clause.destinations->contains(is_ingress ? subject : peer)) {
      reading.allowed = table.united(reading.allowed, clause.connections);
      reading.shares.push_back({clause.policy, clause.connections});
    }
  }
}

}  // namespace nettest
