// What one node may open everywhere, as few large pieces. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "probes/connectivity/bits.hpp"
#include "probes/connectivity/clauses.hpp"
#include "probes/connectivity/partition.hpp"

namespace nettest {

/// Nodes to which the same may pass.
struct RowPiece {
  ConnectionId connections = ConnectionTable::kNone;
  std::size_t first_word = 0;
  /// Index of the first of its words in Row::words.
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// What a source may open. Nodes in no piece get nothing. Pieces are disjoint.
struct Row {
  std::vector<RowPiece> pieces;
  std::vector<Word> words;
};

/// Works out rows one after the other, reusing its memory.
class RowBuilder {
 public:
  /// Both must outlive it.
  RowBuilder(const Clauses& clauses, ConnectionTable& table);

  /// The row of a source; valid until the next call. A node's own bit is as
  /// policies say, although a pod always reaches itself.
  const Row& build(NodeIndex source);

 private:
  void find_egress(NodeIndex source);
  void add_open();
  void add_windows(NodeIndex source);
  void admit(std::uint32_t window, std::span<const Word> active);
  void emit(ConnectionId connections, std::size_t first_word, std::span<const Word> words);
  void emit_within_egress(ConnectionId connections,
                          std::size_t first_word,
                          std::span<const Word> words);

  const Clauses& clauses_;
  ConnectionTable& table_;
  BitMatrix ingress_by_source_;
  /// Egress of the source: everything, or as in egress_.
  bool egress_open_ = true;
  Partition egress_;
  Partition ingress_;
  std::vector<Word> scratch_;
  std::vector<Word> open_words_;
  Row row_;
};

}  // namespace nettest
