// `nettest list` as a drawing: DOT for Graphviz, and an SVG of our own that needs no Graphviz.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "results/static_list.hpp"

namespace nettest {

namespace {

class DotWriter : public ListWriter {
 public:
  DotWriter(const ListContext& context, BufferedText& out) : context_(context), out_(out) {}

  void begin() override {
    out_.add("digraph {\n");
    std::map<std::string, std::vector<const Endpoint*>> by_namespace;
    for (const Endpoint& endpoint : context_.endpoints) {
      by_namespace[endpoint.namespace_name].push_back(&endpoint);
    }
    for (const auto& [name, endpoints] : by_namespace) {
      if (!name.empty()) {
        out_.add("\tsubgraph " + dot_quoted("cluster_" + name) + " {\n");
        for (const Endpoint* endpoint : endpoints) {
          const std::string label = endpoint->name.substr(name.size() + 1);
          out_.add("\t\t" + dot_quoted(endpoint->name) + " [label=" + dot_quoted(label) + "]\n");
        }
        out_.add("\t\tlabel=" + dot_quoted(name) + "\n\t}\n");
      }
    }
    for (const Endpoint* endpoint : by_namespace[""]) {
      out_.add("\t" + dot_quoted(endpoint->name) + " [shape=box]\n");
    }
  }
  void row(const ListRow& row) override {
    out_.add("\t" + dot_quoted(row.source) + " -> " + dot_quoted(row.destination) +
             " [label=" + dot_quoted(row.connections) + "]\n");
  }
  void finish(const ExposureReport* exposure) override {
    if (exposure != nullptr) {
      for (const Exposure& e : exposure->exposures) {
        const bool egress = e.direction == Direction::egress;
        const std::string peer = dot_quoted(e.peer);
        out_.add("\t" + (egress ? dot_quoted(e.workload) : peer) + " -> " +
                 (egress ? peer : dot_quoted(e.workload)) + " [label=" + dot_quoted(e.connections) +
                 " style=dashed]\n");
      }
    }
    out_.add("}\n");
  }

 private:
  ListContext context_;
  BufferedText& out_;
};

constexpr int kLine = 22;
constexpr int kMargin = 20;
constexpr int kColumn = 420;
/// Average advance of the 12 px sans-serif that is asked for.
constexpr int kLetter = 7;

/// Sources to the left, destinations to the right, a line per connection.
class SvgWriter : public ListWriter {
 public:
  explicit SvgWriter(BufferedText& out) : out_(out) {}

  void begin() override {}
  void row(const ListRow& row) override {
    edges_.push_back({std::string(row.source), std::string(row.destination)});
    labels_.emplace_back(row.connections);
    left_.emplace(row.source, 0);
    right_.emplace(row.destination, 0);
  }
  void finish(const ExposureReport* exposure) override {
    if (exposure != nullptr) {
      for (const Exposure& e : exposure->exposures) {
        const bool egress = e.direction == Direction::egress;
        row({egress ? e.workload : e.peer, egress ? e.peer : e.workload, e.connections});
      }
    }
    place(left_);
    place(right_);
    const int left_edge = kMargin + widest(left_);
    const int right_edge = left_edge + kColumn;
    const int width = right_edge + widest(right_) + kMargin;
    const auto rows = static_cast<int>(std::max(left_.size(), right_.size()));
    out_.add(
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                    "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
                    "<title>Allowed connections</title>\n"
                    "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
                    width,
                    2 * kMargin + rows * kLine));
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      add_edge(i, left_edge, right_edge);
    }
    add_names(left_, left_edge - 6, "end");
    add_names(right_, right_edge + 6, "start");
    out_.add("</svg>\n");
  }

 private:
  using Places = std::map<std::string, int>;

  static void place(Places& places) {
    int y = kMargin + kLine / 2;
    for (auto& [name, at] : places) {
      at = y;
      y += kLine;
    }
  }
  static int widest(const Places& places) {
    std::size_t letters = 0;
    for (const auto& [name, at] : places) {
      letters = std::max(letters, name.size());
    }
    return static_cast<int>(letters) * kLetter + 6;
  }
  void add_edge(std::size_t i, int from_x, int to_x) {
    const int from_y = left_[edges_[i].first];
    const int to_y = right_[edges_[i].second];
    const int middle = (from_x + to_x) / 2;
    out_.add(
        fmt::format("<path d=\"M{} {} C{} {} {} {} {} {}\" fill=\"none\" stroke=\"#4477aa\">"
                    "<title>{}</title></path>\n",
                    from_x,
                    from_y,
                    middle,
                    from_y,
                    middle,
                    to_y,
                    to_x,
                    to_y,
                    xml_escaped(edges_[i].first + " => " + edges_[i].second + " : " + labels_[i])));
    out_.add(
        fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"9\" "
                    "fill=\"#333333\">{}</text>\n",
                    middle,
                    (from_y + to_y) / 2 - 3,
                    xml_escaped(labels_[i])));
  }
  void add_names(const Places& places, int x, std::string_view anchor) {
    for (const auto& [name, y] : places) {
      out_.add(fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n",
                           x,
                           y + 4,
                           anchor,
                           xml_escaped(name)));
    }
  }

  BufferedText& out_;
  std::vector<std::pair<std::string, std::string>> edges_;
  std::vector<std::string> labels_;
  Places left_;
  Places right_;
};

}  // namespace

std::unique_ptr<ListWriter> make_dot_writer(const ListContext& context, BufferedText& out) {
  return std::make_unique<DotWriter>(context, out);
}

std::unique_ptr<ListWriter> make_svg_writer(BufferedText& out) {
  return std::make_unique<SvgWriter>(out);
}

}  // namespace nettest
