// Splits a window of nodes by what may pass to each. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "probes/connectivity/bits.hpp"
#include "probes/connectivity/connection_set.hpp"

namespace nettest {

/// Disjoint sets of nodes within a window of words, each with a connection set
/// of its own; nodes in no piece have none. Reused for many windows: nothing is
/// freed between.
class Partition {
 public:
  /// Forgets everything; the window is `first_word` up to `end_word` excluded.
  void reset(std::size_t first_word, std::size_t end_word);

  /// Allows `connections` for the members of `nodes` in the window, beside what
  /// they have.
  void add(const Bits& nodes, ConnectionId connections, ConnectionTable& table);
  /// The same for given words of the window.
  void add(std::span<const Word> words, ConnectionId connections, ConnectionTable& table);

  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] ConnectionId connections(std::size_t piece) const { return ids_[piece]; }
  /// The words of a piece; the first is word first_word().
  [[nodiscard]] std::span<const Word> words(std::size_t piece) const {
    return {words_.data() + piece * width_, width_};
  }
  [[nodiscard]] std::size_t first_word() const { return first_; }
  [[nodiscard]] std::size_t end_word() const { return first_ + width_; }

 private:
  void take(ConnectionId connections, std::span<const Word> words);

  std::size_t first_ = 0;
  std::size_t width_ = 0;
  std::vector<ConnectionId> ids_;
  std::vector<Word> words_;
  std::vector<Word> rest_;
  std::vector<Word> common_;
};

}  // namespace nettest
