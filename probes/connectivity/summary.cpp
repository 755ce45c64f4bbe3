#include <algorithm>
#include <map>

#include "probes/connectivity/decided.hpp"

namespace nettest {

namespace {

/// How many endpoints stand behind each node, made fast to add up.
class Weights {
 public:
  /// Nodes from `limit` on weigh nothing.
  Weights(const std::vector<std::vector<NodeIndex>>& nodes_of, std::size_t nodes, std::size_t limit)
      : weights_(nodes), light_(nodes / kWordBits + 1, ~Word{0}) {
    for (const auto& own : nodes_of) {
      weights_[own.front()] += own.front() < limit ? 1U : 0U;
    }
    for (std::size_t node = 0; node < nodes; ++node) {
      if (weights_[node] != 1) {
        light_[node / kWordBits] &= ~(Word{1} << (node % kWordBits));
      }
    }
  }

  [[nodiscard]] std::uint64_t of(NodeIndex node) const { return weights_[node]; }

  [[nodiscard]] std::uint64_t sum(Word word, std::size_t at) const {
    auto total = static_cast<std::uint64_t>(std::popcount(word & light_[at]));
    for_each_bit(
        word & ~light_[at], at * kWordBits, [&](std::size_t node) { total += weights_[node]; });
    return total;
  }

 private:
  std::vector<std::uint64_t> weights_;
  std::vector<Word> light_;
};

using Counts = std::map<ConnectionId, std::uint64_t>;

/// A source node, and how many endpoints stand behind it.
struct Source {
  NodeIndex node = 0;
  std::uint64_t endpoints = 0;
};

/// Adds the pairs of a node's row, times the endpoints behind the node.
void count_row(const Row& row, Source source, const Weights& weights, Counts& counts) {
  for (const RowPiece& piece : row.pieces) {
    std::uint64_t destinations = 0;
    for (std::size_t i = 0; i < piece.size; ++i) {
      destinations += weights.sum(row.words[piece.offset + i], piece.first_word + i);
    }
    const std::size_t own = source.node / kWordBits;
    const bool holds_itself =
        own >= piece.first_word && own < piece.first_word + piece.size &&
        ((row.words[piece.offset + own - piece.first_word] >> (source.node % kWordBits)) & 1U) != 0;
    const std::uint64_t with_itself = holds_itself ? weights.of(source.node) : 0;
    counts[piece.connections] += destinations * source.endpoints - with_itself;
  }
}

}  // namespace

std::map<ConnectionId, std::uint64_t> Connectivity::count_pairs() const {
  Decided& decided = *decided_;
  Counts counts;
  if (decided.mixed.empty()) {
    const std::size_t nodes = decided.clauses.nodes();
    const std::size_t groups = decided.clauses.groups();
    // Between outside addresses nothing is asked: ranges do not see each other.
    const Weights all(decided.nodes_of, nodes, nodes);
    const Weights inside(decided.nodes_of, nodes, groups);
    for (NodeIndex node = 0; node < nodes; ++node) {
      const Source source{node, all.of(node)};
      count_row(decided.rows.build(node), source, node < groups ? all : inside, counts);
    }
  } else {
    std::vector<RowEntry> entries;
    for (std::size_t i = 0; i < decided.endpoints.size(); ++i) {
      row(i, entries);
      for (const RowEntry& entry : entries) {
        ++counts[entry.connections];
      }
    }
  }
  return counts;
}

ConnectivitySummary Connectivity::summarize() const {
  const Decided& decided = *decided_;
  ConnectivitySummary summary;
  summary.ranges = decided.clauses.ranges().size();
  summary.workloads = decided.endpoints.size() - summary.ranges;
  summary.policies = decided.compiled.policies().size();
  summary.classes = classes().size();
  summary.pairs = summary.workloads * (summary.workloads + 2 * summary.ranges);
  summary.pairs -= summary.workloads;
  const Counts counts = count_pairs();
  std::uint64_t open = 0;
  for (const auto& [id, pairs] : counts) {
    open += pairs;
    if (pairs != 0) {
      summary.by_connections.emplace_back(id, pairs);
    }
  }
  if (summary.pairs > open) {
    summary.by_connections.emplace_back(ConnectionTable::kNone, summary.pairs - open);
  }
  const auto& table = decided.table;
  std::sort(summary.by_connections.begin(),
            summary.by_connections.end(),
            [&](const auto& a, const auto& b) {
              return a.second != b.second ? a.second > b.second
                                          : table.text(a.first) < table.text(b.first);
            });
  for (std::size_t i = 0; i < decided.endpoints.size(); ++i) {
    if (!decided.endpoints[i].external()) {
      summary.open_to_ingress += isolated(i, Direction::ingress) ? 0U : 1U;
      summary.open_to_egress += isolated(i, Direction::egress) ? 0U : 1U;
    }
  }
  return summary;
}

}  // namespace nettest
