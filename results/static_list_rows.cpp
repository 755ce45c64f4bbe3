#include "results/static_list.hpp"

namespace nettest {

namespace {

/// Writes the rows of one source, denials between where they are wanted.
class SourceRows {
 public:
  SourceRows(const Connectivity& connectivity, const ListFilter& filter, ListWriter& writer)
      : connectivity_(connectivity), filter_(filter), writer_(writer) {}

  void write(std::size_t source) {
    connectivity_.row(source, row_);
    std::size_t next = 0;
    for (const RowEntry& entry : row_) {
      deny(source, next, entry.destination);
      add(source, entry.destination, entry.connections);
      next = entry.destination + 1;
    }
    deny(source, next, connectivity_.endpoints().size());
  }

 private:
  /// The pairs from `begin` on, `end` excluded: nothing passes.
  void deny(std::size_t source, std::size_t begin, std::size_t end) {
    const auto& endpoints = connectivity_.endpoints();
    for (std::size_t i = begin; filter_.all_pairs && i < end; ++i) {
      if (i != source && !(endpoints[source].external() && endpoints[i].external())) {
        add(source, i, ConnectionTable::kNone);
      }
    }
  }

  void add(std::size_t source, std::size_t destination, ConnectionId connections) {
    if (filter_.is_meant(source) || filter_.is_meant(destination)) {
      const auto& endpoints = connectivity_.endpoints();
      writer_.row({endpoints[source].name,
                   endpoints[destination].name,
                   connectivity_.table().text(connections)});
    }
  }

  const Connectivity& connectivity_;
  const ListFilter& filter_;
  ListWriter& writer_;
  std::vector<RowEntry> row_;
};

}  // namespace

void write_list_rows(const Connectivity& connectivity,
                     const ListFilter& filter,
                     ListWriter& writer) {
  SourceRows rows(connectivity, filter, writer);
  for (std::size_t source = 0; source < connectivity.endpoints().size(); ++source) {
    rows.write(source);
  }
}

}  // namespace nettest
