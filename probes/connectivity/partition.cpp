#include "probes/connectivity/partition.hpp"

#include <algorithm>

namespace nettest {

namespace {

bool any(std::span<const Word> words) {
  return std::any_of(words.begin(), words.end(), [](Word word) { return word != 0; });
}

}  // namespace

void Partition::reset(std::size_t first_word, std::size_t end_word) {
  first_ = first_word;
  width_ = end_word - first_word;
  ids_.clear();
  words_.clear();
}

void Partition::add(const Bits& nodes, ConnectionId connections, ConnectionTable& table) {
  if (nodes.end_word() <= first_ || nodes.first_word() >= end_word()) {
    return;
  }
  rest_.resize(width_);
  for (std::size_t i = 0; i < width_; ++i) {
    rest_[i] = nodes.word(first_ + i);
  }
  add(rest_, connections, table);
}

void Partition::add(std::span<const Word> words, ConnectionId connections, ConnectionTable& table) {
  if (words.data() != rest_.data()) {
    rest_.assign(words.begin(), words.end());
  }
  const std::size_t before = ids_.size();
  common_.resize(width_);
  for (std::size_t piece = 0; piece < before && any(rest_); ++piece) {
    Word* own = words_.data() + piece * width_;
    for (std::size_t i = 0; i < width_; ++i) {
      common_[i] = own[i] & rest_[i];
      rest_[i] &= ~common_[i];
    }
    const ConnectionId both = table.united(ids_[piece], connections);
    if (both != ids_[piece] && any(common_)) {
      for (std::size_t i = 0; i < width_; ++i) {
        own[i] &= ~common_[i];
      }
      take(both, common_);
    }
  }
  if (any(rest_)) {
    take(connections, rest_);
  }
}

void Partition::take(ConnectionId connections, std::span<const Word> words) {
  const auto known = std::find(ids_.begin(), ids_.end(), connections);
  if (known == ids_.end()) {
    ids_.push_back(connections);
    words_.insert(words_.end(), words.begin(), words.end());
    return;
  }
  Word* own = words_.data() + static_cast<std::size_t>(known - ids_.begin()) * width_;
  for (std::size_t i = 0; i < width_; ++i) {
    own[i] |= words[i];
  }
}

}  // namespace nettest
