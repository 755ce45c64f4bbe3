// The outputs of `nettest diff`: changed pairs, written as they come. Pure but for the sink.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/connectivity/difference.hpp"
#include "results/static_text.hpp"

namespace nettest {

enum class DiffFormat { txt, json, md };

/// Reads "txt", "json" or "md".
std::optional<DiffFormat> parse_diff_format(std::string_view text);

/// A changed pair as texts.
struct DiffRow {
  PairChange change = PairChange::changed;
  std::string_view source;
  std::string_view destination;
  std::string_view before;
  std::string_view after;
  std::vector<DiffCause> causes;
  /// Workloads of the pair that are only in one state.
  std::vector<std::string> added;
  std::vector<std::string> removed;
};

/// How many pairs change how, and what differs at all.
struct DiffSummary {
  std::array<std::uint64_t, 5> pairs{};
  DiffTally policies;
  DiffTally workloads;

  [[nodiscard]] std::uint64_t count(PairChange change) const {
    return pairs.at(static_cast<std::size_t>(change));
  }
  /// Pairs that gain connections, or lose some; a changed pair does both.
  [[nodiscard]] std::uint64_t opened() const;
  [[nodiscard]] std::uint64_t closed() const;
  [[nodiscard]] std::uint64_t all() const;
};

/// Writes a diff: begin, the rows in order, finish.
class DiffWriter {
 public:
  DiffWriter() = default;
  DiffWriter(const DiffWriter&) = delete;
  DiffWriter& operator=(const DiffWriter&) = delete;
  virtual ~DiffWriter() = default;

  virtual void begin(const DiffSummary& summary) = 0;
  virtual void row(const DiffRow& row) = 0;
  virtual void finish(const DiffSummary& summary) = 0;
};

std::unique_ptr<DiffWriter> make_diff_writer(DiffFormat format, BufferedText& out);

/// Writes a whole diff; the pairs are counted first, then worked out again and written as they
/// come.
DiffSummary write_diff(const ConnectivityDiff& difference, DiffFormat format, BufferedText& out);

}  // namespace nettest
