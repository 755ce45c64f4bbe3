#include "probes/connectivity/bits.hpp"

#include <algorithm>
#include <array>

namespace nettest {

Bits::Bits(std::span<const std::uint32_t> ascending) {
  if (ascending.empty()) {
    return;
  }
  first_ = ascending.front() / kWordBits;
  words_.resize(ascending.back() / kWordBits - first_ + 1);
  for (const std::uint32_t index : ascending) {
    words_[index / kWordBits - first_] |= Word{1} << (index % kWordBits);
  }
}

void transpose(std::span<Word, kWordBits> block) {
  // Swaps the off-diagonal quarters of ever smaller squares.
  Word mask = 0x00000000FFFFFFFFU;
  for (std::size_t half = kWordBits / 2; half != 0; half /= 2, mask ^= mask << half) {
    for (std::size_t row = 0; row < kWordBits; row = (row + half + 1) & ~half) {
      const Word swapped = ((block[row] >> half) ^ block[row + half]) & mask;
      block[row] ^= swapped << half;
      block[row + half] ^= swapped;
    }
  }
}

BitMatrix::BitMatrix(const std::vector<const Bits*>& columns, std::size_t rows)
    : stride_((columns.size() + kWordBits - 1) / kWordBits), words_(rows * stride_) {
  std::array<Word, kWordBits> block{};
  for (std::size_t group = 0; group < stride_; ++group) {
    const std::size_t begin = group * kWordBits;
    const std::size_t count = std::min(kWordBits, columns.size() - begin);
    for (std::size_t base = 0; base < rows; base += kWordBits) {
      Word any = 0;
      block.fill(0);
      for (std::size_t c = 0; c < count; ++c) {
        block.at(c) = columns[begin + c]->word(base / kWordBits);
        any |= block.at(c);
      }
      if (any == 0) {
        continue;
      }
      transpose(block);
      for (std::size_t r = 0; r < std::min(kWordBits, rows - base); ++r) {
        words_[(base + r) * stride_ + group] = block.at(r);
      }
    }
  }
}

}  // namespace nettest
