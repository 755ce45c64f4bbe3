#include "results/static_explain.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "results/static_text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kColumns = 5;
/// Columns in which a cell that repeats the one above is left empty: type, target, source rules.
constexpr std::size_t kMerged = 3;
constexpr std::array<const char*, kColumns> kHeadings = {
    "TYPE", "TARGET", "SOURCE RULES", "PEER", "PORT/PROTOCOL"};

using Lines = std::vector<std::string>;
using Row = std::array<Lines, kColumns>;

/// "Match labels:" and so on, or `everything` for a selector that selects all.
Lines selector_lines(const LabelSelector& selector, const std::string& everything) {
  if (selector.empty()) {
    return {everything};
  }
  Lines lines;
  if (!selector.match_labels.empty()) {
    lines.emplace_back("Match labels:");
  }
  for (const auto& [key, value] : selector.match_labels) {
    lines.push_back("  " + key + ": " + value);
  }
  if (!selector.match_expressions.empty()) {
    lines.emplace_back("Match expressions:");
  }
  for (const SelectorRequirement& requirement : selector.match_expressions) {
    lines.push_back("  " + requirement.key + " " + std::string(to_string(requirement.op)) +
                    (requirement.values.empty() ? "" : " [" + join(requirement.values, " ") + "]"));
  }
  return lines;
}

void append(Lines& lines, const std::string& label, Lines more) {
  more.front() = label + more.front();
  lines.insert(lines.end(), more.begin(), more.end());
}

Lines peer_lines(const std::optional<PolicyPeer>& peer, const std::string& own_namespace) {
  if (!peer) {
    return {"all pods, all ips"};
  }
  if (peer->ip_block) {
    Lines lines = {peer->ip_block->cidr.written};
    for (const WrittenCidr& except : peer->ip_block->except) {
      lines.push_back("except " + except.written);
    }
    return lines;
  }
  Lines lines;
  append(lines,
         "namespace: ",
         peer->namespace_selector ? selector_lines(*peer->namespace_selector, "all")
                                  : Lines{own_namespace});
  append(lines, "pods: ", selector_lines(peer->pod_selector.value_or(LabelSelector{}), "all"));
  return lines;
}

std::string port_line(const PolicyPort& port) {
  const std::string_view protocol = to_string(port.protocol);
  if (const auto* number = std::get_if<Port>(&port.port)) {
    return port.end_port
               ? fmt::format("ports {}-{} on protocol {}", *number, *port.end_port, protocol)
               : fmt::format("port {} on protocol {}", *number, protocol);
  }
  const auto* name = std::get_if<std::string>(&port.port);
  return name == nullptr ? fmt::format("all ports on protocol {}", protocol)
                         : fmt::format("port {} on protocol {}", *name, protocol);
}

Lines port_lines(const std::vector<PolicyPort>& ports) {
  if (ports.empty()) {
    return {"all ports, all protocols"};
  }
  Lines lines;
  for (const PolicyPort& port : ports) {
    lines.push_back(port_line(port));
  }
  return lines;
}

std::vector<Row> rows_of(const PolicyTarget& target) {
  Row head;
  head[0] = {target.direction == Direction::ingress ? "Ingress" : "Egress"};
  head[1] = {"namespace: " + target.namespace_name};
  append(head[1], "", selector_lines(target.pods, "all pods"));
  for (const PolicyId& policy : target.policies) {
    head[2].push_back(to_string(policy));
  }
  std::vector<Row> rows;
  for (const PeerRule& rule : target.rules) {
    Row& row = rows.emplace_back(head);
    row[3] = peer_lines(rule.peer, target.namespace_name);
    row[4] = port_lines(rule.ports);
  }
  if (rows.empty()) {
    Row& row = rows.emplace_back(head);
    row[3] = {"no pods, no ips"};
    row[4] = {"no ports, no protocols"};
  }
  return rows;
}

/// Draws rows with borders; each column is as wide as its widest line.
class Drawing {
 public:
  explicit Drawing(const std::vector<Row>& rows) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      widths_.at(column) = std::string_view(kHeadings.at(column)).size();
    }
    for (const Row& row : rows) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        for (const std::string& line : row.at(column)) {
          widths_.at(column) = std::max(widths_.at(column), line.size());
        }
      }
    }
  }

  /// A border; the first `merged` columns go on below it.
  void rule(std::size_t merged) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      text_ += '+';
      text_.append(widths_.at(column) + 2, column < merged ? ' ' : '-');
    }
    text_ += "+\n";
  }

  void headings() {
    for (std::size_t column = 0; column < kColumns; ++column) {
      const std::size_t rest = widths_.at(column) - std::string_view(kHeadings.at(column)).size();
      text_ += "| " + std::string(rest / 2, ' ') + kHeadings.at(column) +
               std::string(rest - rest / 2, ' ') + " ";
    }
    text_ += "|\n";
  }

  void row(const Row& row, std::size_t merged) {
    std::size_t height = 1;
    for (std::size_t column = merged; column < kColumns; ++column) {
      height = std::max(height, row.at(column).size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        const bool shown = column >= merged && line < row.at(column).size();
        text_ += fmt::format("| {:<{}} ", shown ? row.at(column)[line] : "", widths_.at(column));
      }
      text_ += "|\n";
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::array<std::size_t, kColumns> widths_{};
  std::string text_;
};

std::vector<Row> all_rows(const std::vector<PolicyTarget>& targets) {
  std::vector<Row> rows;
  for (const PolicyTarget& target : targets) {
    const auto own = rows_of(target);
    rows.insert(rows.end(), own.begin(), own.end());
  }
  return rows;
}

/// How many leading columns say the same as the row above.
std::size_t merged_columns(const Row& above, const Row& row) {
  std::size_t merged = 0;
  while (merged < kMerged && above.at(merged) == row.at(merged)) {
    ++merged;
  }
  return merged;
}

}  // namespace

std::string render_targets_txt(const std::vector<PolicyTarget>& targets) {
  const std::vector<Row> rows = all_rows(targets);
  Drawing drawing(rows);
  drawing.rule(0);
  drawing.headings();
  drawing.rule(0);
  const Row* above = nullptr;
  for (const Row& row : rows) {
    const std::size_t merged = above == nullptr ? 0 : merged_columns(*above, row);
    if (above != nullptr) {
      drawing.rule(merged);
    }
    if (above != nullptr && above->front() != row.front()) {
      // Ingress and egress stand apart, as users of cyclonus know it.
      drawing.row({}, 0);
      drawing.rule(0);
    }
    drawing.row(row, merged);
    above = &row;
  }
  if (above != nullptr) {
    drawing.rule(0);
  }
  return drawing.text();
}

std::string render_targets_md(const std::vector<PolicyTarget>& targets) {
  std::string text = "| " + join({kHeadings.begin(), kHeadings.end()}, " | ") + " |\n";
  text += "|------|--------|--------------|------|---------------|\n";
  for (const Row& row : all_rows(targets)) {
    for (const Lines& lines : row) {
      std::vector<std::string> cells;
      for (const std::string& line : lines) {
        cells.push_back(markdown_cell(line));
      }
      text += "| " + join(cells, "<br>") + " ";
    }
    text += "|\n";
  }
  return text;
}

}  // namespace nettest
