#include "probes/connectivity/rows.hpp"

#include <algorithm>

namespace nettest {

namespace {

std::vector<const Bits*> sources_of(const std::vector<Clause>& clauses) {
  std::vector<const Bits*> sources;
  sources.reserve(clauses.size());
  for (const Clause& clause : clauses) {
    sources.push_back(clause.sources);
  }
  return sources;
}

}  // namespace

RowBuilder::RowBuilder(const Clauses& clauses, ConnectionTable& table)
    : clauses_(clauses),
      table_(table),
      ingress_by_source_(sources_of(clauses.of(Direction::ingress)), clauses.nodes()) {
  const Bits& open = clauses.open_to_ingress();
  for (std::size_t at = open.first_word(); at < open.end_word(); ++at) {
    open_words_.push_back(open.word(at));
  }
}

const Row& RowBuilder::build(NodeIndex source) {
  row_.pieces.clear();
  row_.words.clear();
  find_egress(source);
  if (egress_open_ || egress_.size() != 0) {
    add_open();
    add_windows(source);
  }
  return row_;
}

void RowBuilder::find_egress(NodeIndex source) {
  egress_open_ = !clauses_.isolated(Direction::egress).contains(source);
  if (egress_open_) {
    return;
  }
  const NamespaceWindow& window = clauses_.windows()[clauses_.window_of(source)];
  const RangeRun& run = window.clauses.at(direction_index(Direction::egress));
  const auto& all = clauses_.of(Direction::egress);
  std::vector<const Clause*> active;
  std::size_t first = SIZE_MAX;
  std::size_t end = 0;
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    if (all[i].sources->contains(source)) {
      active.push_back(&all[i]);
      first = std::min(first, all[i].destinations->first_word());
      end = std::max(end, all[i].destinations->end_word());
    }
  }
  egress_.reset(active.empty() ? 0 : first, end);
  for (const Clause* clause : active) {
    egress_.add(*clause->destinations, clause->connections, table_);
  }
}

void RowBuilder::add_open() {
  emit_within_egress(ConnectionTable::kAll, clauses_.open_to_ingress().first_word(), open_words_);
}

void RowBuilder::add_windows(NodeIndex source) {
  const std::span<const Word> active = ingress_by_source_.row(source);
  const auto& windows = clauses_.windows();
  for (std::uint32_t i = 0; i < windows.size(); ++i) {
    const std::size_t first = windows[i].first / kWordBits;
    const std::size_t end = (windows[i].end - 1) / kWordBits + 1;
    const bool reachable =
        egress_open_ || (first < egress_.end_word() && end > egress_.first_word());
    if (!reachable) {
      continue;
    }
    ingress_.reset(first, end);
    admit(i, active);
    for (std::size_t piece = 0; piece < ingress_.size(); ++piece) {
      emit_within_egress(ingress_.connections(piece), first, ingress_.words(piece));
    }
  }
}

void RowBuilder::admit(std::uint32_t window, std::span<const Word> active) {
  const auto& clauses = clauses_.of(Direction::ingress);
  const auto run = clauses_.windows()[window].clauses.at(direction_index(Direction::ingress));
  std::size_t at = run.begin;
  while (at < run.end) {
    const Word rest = active[at / kWordBits] >> (at % kWordBits);
    if (rest == 0) {
      at = (at / kWordBits + 1) * kWordBits;
      continue;
    }
    at += static_cast<std::size_t>(std::countr_zero(rest));
    if (at < run.end) {
      ingress_.add(*clauses[at].destinations, clauses[at].connections, table_);
      ++at;
    }
  }
}

void RowBuilder::emit(ConnectionId connections,
                      std::size_t first_word,
                      std::span<const Word> words) {
  if (connections == ConnectionTable::kNone) {
    return;
  }
  row_.pieces.push_back({connections, first_word, row_.words.size(), words.size()});
  row_.words.insert(row_.words.end(), words.begin(), words.end());
}

void RowBuilder::emit_within_egress(ConnectionId connections,
                                    std::size_t first_word,
                                    std::span<const Word> words) {
  if (egress_open_) {
    emit(connections, first_word, words);
    return;
  }
  const std::size_t first = std::max(first_word, egress_.first_word());
  const std::size_t end = std::min(first_word + words.size(), egress_.end_word());
  for (std::size_t piece = 0; piece < egress_.size() && first < end; ++piece) {
    const std::span<const Word> reachable = egress_.words(piece);
    scratch_.assign(end - first, 0);
    Word any = 0;
    for (std::size_t at = first; at < end; ++at) {
      scratch_[at - first] = words[at - first_word] & reachable[at - egress_.first_word()];
      any |= scratch_[at - first];
    }
    if (any != 0) {
      emit(table_.intersected(connections, egress_.connections(piece)), first, scratch_);
    }
  }
}

}  // namespace nettest
