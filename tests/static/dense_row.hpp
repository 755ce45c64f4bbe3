// The row of a source with every endpoint in it.
#pragma once

#include <vector>

#include "probes/connectivity/connectivity.hpp"

namespace nettest::test {

inline std::vector<ConnectionId> dense_row(const Connectivity& connectivity, std::size_t source) {
  std::vector<RowEntry> entries;
  connectivity.row(source, entries);
  std::vector<ConnectionId> row(connectivity.endpoints().size(), ConnectionTable::kNone);
  for (const RowEntry& entry : entries) {
    row[entry.destination] = entry.connections;
  }
  return row;
}

}  // namespace nettest::test
