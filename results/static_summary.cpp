#include <fmt/format.h>

#include "results/static_list.hpp"

namespace nettest {

std::string render_summary_txt(const ConnectivitySummary& summary, const ConnectionTable& table) {
  std::string text = fmt::format(
      "{} workloads and {} ranges of outside addresses, {} policies, {} classes that policies can "
      "tell apart\n{} open to all ingress, {} open to all egress\n{} pairs:\n",
      summary.workloads,
      summary.ranges,
      summary.policies,
      summary.classes,
      summary.open_to_ingress,
      summary.open_to_egress,
      summary.pairs);
  for (const auto& [id, pairs] : summary.by_connections) {
    text += fmt::format("{:>14}  {}\n", pairs, table.text(id));
  }
  return text;
}

std::string render_summary_json(const ConnectivitySummary& summary, const ConnectionTable& table) {
  std::string text = fmt::format(
      "{{\"format\": \"nettest.list-summary/v1\", \"workloads\": {}, \"ranges\": {}, \"policies\": "
      "{}, \"classes\": {},\n \"open_to_ingress\": {}, \"open_to_egress\": {}, \"pairs\": {},\n "
      "\"by_connections\": [",
      summary.workloads,
      summary.ranges,
      summary.policies,
      summary.classes,
      summary.open_to_ingress,
      summary.open_to_egress,
      summary.pairs);
  std::string_view separator = "\n";
  for (const auto& [id, pairs] : summary.by_connections) {
    text += fmt::format(
        "{}  {{\"conn\": {}, \"pairs\": {}}}", separator, json_quoted(table.text(id)), pairs);
    separator = ",\n";
  }
  return text + "]}\n";
}

}  // namespace nettest
