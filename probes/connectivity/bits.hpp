// Bit sets for the connectivity algebra: dense words over a window. Pure.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nettest {

using Word = std::uint64_t;
inline constexpr std::size_t kWordBits = 64;

/// A set of indices that stores only the words from its first to its last
/// member. Most sets of a cluster lie within one namespace, whose members are
/// neighbours, so they cost a few words; a compressed set (such as Roaring)
/// would be smaller at rest, but the inner loops here and-or a few words
/// hundreds of millions of times.
class Bits {
 public:
  Bits() = default;
  /// Takes ascending indices.
  explicit Bits(std::span<const std::uint32_t> ascending);

  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] std::size_t first_word() const { return first_; }
  /// One past the last word.
  [[nodiscard]] std::size_t end_word() const { return first_ + words_.size(); }
  /// The word at an absolute word index; 0 outside of the window.
  [[nodiscard]] Word word(std::size_t at) const {
    return at - first_ < words_.size() ? words_[at - first_] : 0;
  }
  [[nodiscard]] bool contains(std::size_t index) const {
    return ((word(index / kWordBits) >> (index % kWordBits)) & 1U) != 0;
  }
  [[nodiscard]] std::size_t bytes() const { return words_.size() * sizeof(Word); }

  bool operator==(const Bits&) const = default;

 private:
  std::size_t first_ = 0;
  std::vector<Word> words_;
};

/// Calls `visit(index)` for each bit of a word whose bit 0 is index `base`.
template <typename Visit>
void for_each_bit(Word word, std::size_t base, Visit visit) {
  while (word != 0) {
    visit(base + static_cast<std::size_t>(std::countr_zero(word)));
    word &= word - 1;
  }
}

/// Mirrors a 64×64 bit matrix at its diagonal: bit j of word i becomes bit i of
/// word j.
void transpose(std::span<Word, kWordBits> block);

/// A matrix of bits, one row of words per index.
class BitMatrix {
 public:
  /// Makes row r the set of columns c with columns[c].contains(r).
  BitMatrix(const std::vector<const Bits*>& columns, std::size_t rows);

  [[nodiscard]] std::span<const Word> row(std::size_t index) const {
    return {words_.data() + index * stride_, stride_};
  }
  [[nodiscard]] std::size_t bytes() const { return words_.size() * sizeof(Word); }

 private:
  std::size_t stride_ = 0;
  std::vector<Word> words_;
};

}  // namespace nettest
