#include "results/static_diff.hpp"

namespace nettest {

namespace {

DiffRow row_of(const ChangedPair& pair,
               const ConnectivityDiff& difference,
               const ConnectionTable& table) {
  DiffRow row{pair.change,
              pair.source->name,
              pair.destination->name,
              table.text(pair.before),
              table.text(pair.after),
              difference.causes(pair),
              {},
              {}};
  for (const DiffEndpoint* end : {pair.source, pair.destination}) {
    if (end->before == kNobody) {
      row.added.emplace_back(end->name);
    } else if (end->after == kNobody) {
      row.removed.emplace_back(end->name);
    }
  }
  return row;
}

}  // namespace

DiffSummary write_diff(const ConnectivityDiff& difference, DiffFormat format, BufferedText& out) {
  DiffSummary summary;
  difference.each(
      [&](const ChangedPair& pair) { ++summary.pairs.at(static_cast<std::size_t>(pair.change)); });
  summary.policies = difference.policies();
  summary.workloads = difference.workloads();
  const auto writer = make_diff_writer(format, out);
  writer->begin(summary);
  difference.each(
      [&](const ChangedPair& pair) { writer->row(row_of(pair, difference, difference.table())); });
  writer->finish(summary);
  return summary;
}

}  // namespace nettest
