// The outputs of `nettest list`: rows of allowed connections, written as they come. Pure but for
// the sink.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/connectivity/connectivity.hpp"
#include "results/static_text.hpp"

namespace nettest {

enum class ListFormat { txt, json, csv, md, dot, svg };

/// Reads "txt", "json", "csv", "md", "dot" or "svg".
std::optional<ListFormat> parse_list_format(std::string_view text);

/// Who may reach whom, as names.
struct ListRow {
  std::string_view source;
  std::string_view destination;
  std::string_view connections;
};

/// One way in which a workload is open to more than given workloads.
struct Exposure {
  std::string workload;
  Direction direction = Direction::ingress;
  /// "entire-cluster", "0.0.0.0-255.255.255.255[External]", "[namespace with
  /// {team=a}]/[all pods]", "default/[all pods]".
  std::string peer;
  std::string connections;
};

/// What `--exposure` says, in the order in which it is printed.
struct ExposureReport {
  std::vector<Exposure> exposures;
  /// Workloads that no policy isolates, per direction.
  std::vector<std::pair<std::string, Direction>> unprotected;
};

/// Writes a list: begin, the rows in order, finish.
class ListWriter {
 public:
  ListWriter() = default;
  ListWriter(const ListWriter&) = delete;
  ListWriter& operator=(const ListWriter&) = delete;
  virtual ~ListWriter() = default;

  virtual void begin() = 0;
  virtual void row(const ListRow& row) = 0;
  /// Ends the list; `exposure` follows where it was asked for.
  virtual void finish(const ExposureReport* exposure) = 0;
};

/// What the drawn formats need to know beside the rows; must outlive the writer.
struct ListContext {
  const std::vector<Endpoint>& endpoints;
  /// True where an ExposureReport will follow.
  bool with_exposure = false;
};

std::unique_ptr<ListWriter> make_list_writer(ListFormat format,
                                             const ListContext& context,
                                             BufferedText& out);

/// Which pairs are rows.
struct ListFilter {
  /// Pairs with no connection too.
  bool all_pairs = false;
  /// Endpoints that a row must touch, by their places; empty: all.
  std::vector<bool> meant;

  [[nodiscard]] bool is_meant(std::size_t endpoint) const {
    return meant.empty() || meant[endpoint];
  }
};

/// Writes the rows of every source as they are worked out; keeps none.
void write_list_rows(const Connectivity& connectivity,
                     const ListFilter& filter,
                     ListWriter& writer);

/// The graph formats (results/static_graph.cpp).
std::unique_ptr<ListWriter> make_dot_writer(const ListContext& context, BufferedText& out);
std::unique_ptr<ListWriter> make_svg_writer(BufferedText& out);

/// `list --summary`.
std::string render_summary_txt(const ConnectivitySummary& summary, const ConnectionTable& table);
std::string render_summary_json(const ConnectivitySummary& summary, const ConnectionTable& table);

}  // namespace nettest
