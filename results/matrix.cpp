#include "results/matrix.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "base/text.hpp"

namespace nettest {

namespace {

/// The ways of asking that share a table's heading.
using Manner = std::tuple<By, IpFamily, Client>;
using PortKey = std::pair<Protocol, Port>;

/// A table in the making: cells by indices into the round's rows and columns.
struct Draft {
  std::vector<PortKey> ports;
  std::set<std::size_t> rows;
  std::set<std::size_t> columns;
  std::map<std::pair<std::size_t, std::size_t>, Mark> cells;
};

/// Numbers endpoints in the order of their first mention.
class Numbering {
 public:
  std::size_t of(const MatrixEnd& endpoint) {
    const auto [found, is_new] = numbers_.try_emplace(endpoint, endpoints_.size());
    if (is_new) {
      endpoints_.push_back(endpoint);
    }
    return found->second;
  }
  [[nodiscard]] const MatrixEnd& at(std::size_t number) const { return endpoints_[number]; }

 private:
  std::map<MatrixEnd, std::size_t> numbers_;
  std::vector<MatrixEnd> endpoints_;
};

MatrixEnd destination(const Probe& probe) {
  if (probe.by == By::url) {
    return {"", probe.url, ""};
  }
  return std::visit(
      [](const auto& id) -> MatrixEnd {
        return {id.namespace_name, id.name, ""};
      },
      probe.to);
}

PortKey port_of(const Probe& probe) {
  // A URL says its port itself.
  return probe.by == By::url ? PortKey{} : PortKey{probe.protocol, probe.port};
}

std::string_view by_words(By by) {
  switch (by) {
    case By::pod_ip:
      return "by pod IP";
    case By::service_ip:
      return "by service IP";
    case By::service_name:
      return "by service name";
    case By::url:
      return "by URL";
  }
  return "";
}

std::string heading(const Manner& manner, const std::vector<PortKey>& ports) {
  const auto& [by, family, client] = manner;
  std::vector<std::string> names;
  for (const auto& [protocol, port] : ports) {
    if (by != By::url) {
      names.push_back(std::string(to_string(protocol)) + " " + std::to_string(port));
    }
  }
  std::string text = join(names, ", ") + (names.empty() ? "" : " ") + std::string(by_words(by));
  text += family == IpFamily::ipv6 ? ", IPv6" : "";
  text += client == Client::wget ? ", with wget" : "";
  return text;
}

std::string suffix(const std::vector<PortKey>& ports) {
  std::vector<std::string> names;
  for (const auto& [protocol, port] : ports) {
    names.push_back(std::to_string(port) +
                    (protocol == Protocol::tcp ? "" : "/" + std::string(to_string(protocol))));
  }
  return ":" + join(names, ",");
}

/// The mark that a reader must not miss wins a cell that two probes share.
int weight(Mark mark) {
  constexpr std::string_view kOrder = "-.X+~?%";
  const auto rank = static_cast<int>(kOrder.find(mark.symbol));
  return mark.flag == '!' ? rank + static_cast<int>(kOrder.size()) : rank;
}

void put(Draft& draft, std::pair<std::size_t, std::size_t> cell, Mark mark) {
  draft.rows.insert(cell.first);
  draft.columns.insert(cell.second);
  const auto [found, is_new] = draft.cells.try_emplace(cell, mark);
  if (!is_new && weight(found->second) < weight(mark)) {
    found->second = mark;
  }
}

/// Joins drafts that show the same; their ports share the heading.
std::vector<Draft> folded(const std::vector<Draft>& drafts) {
  std::vector<Draft> result;
  for (const auto& draft : drafts) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const Draft& other) {
      return other.cells == draft.cells;
    });
    if (same == result.end()) {
      result.push_back(draft);
    } else {
      same->ports.insert(same->ports.end(), draft.ports.begin(), draft.ports.end());
    }
  }
  return result;
}

bool fit_side_by_side(const std::vector<const Draft*>& group, const Draft& draft) {
  return std::all_of(group.begin(), group.end(), [&](const Draft* other) {
    return other->rows == draft.rows &&
           std::none_of(draft.columns.begin(), draft.columns.end(), [&](std::size_t column) {
             return other->columns.count(column) > 0;
           });
  });
}

Matrix side_by_side(const Manner& manner,
                    const std::vector<const Draft*>& group,
                    const Numbering& rows,
                    const Numbering& columns) {
  Matrix matrix;
  const bool together = group.size() > 1;
  matrix.heading = heading(manner, together ? std::vector<PortKey>{} : group.front()->ports);
  std::map<std::size_t, const Draft*> owner;
  for (const Draft* draft : group) {
    for (const std::size_t column : draft->columns) {
      owner[column] = draft;
    }
  }
  for (const auto& [column, draft] : owner) {
    MatrixEnd endpoint = columns.at(column);
    endpoint.suffix = together ? suffix(draft->ports) : "";
    matrix.columns.push_back(std::move(endpoint));
  }
  for (const std::size_t row : group.front()->rows) {
    matrix.rows.push_back(rows.at(row));
    for (const auto& [column, draft] : owner) {
      const auto cell = draft->cells.find({row, column});
      matrix.marks.push_back(cell == draft->cells.end() ? Mark{} : cell->second);
    }
  }
  return matrix;
}

/// The drafts of a round, per manner and port, while its probes come in.
class Round {
 public:
  void add(const Probe& probe, Mark mark) {
    const Manner manner{probe.by, probe.family, probe.client};
    const MatrixEnd source{probe.from.namespace_name, probe.from.name, ""};
    put(draft(manner, port_of(probe)), {rows_.of(source), columns_.of(destination(probe))}, mark);
  }

  [[nodiscard]] std::vector<Matrix> matrices() const {
    std::vector<Matrix> result;
    for (const Manner& manner : order_) {
      const auto unique = folded(drafts_.at(manner));
      for (const auto& group : groups(unique)) {
        result.push_back(side_by_side(manner, group, rows_, columns_));
      }
    }
    return result;
  }

 private:
  Draft& draft(const Manner& manner, const PortKey& port) {
    auto& drafts = drafts_[manner];
    if (drafts.empty()) {
      order_.push_back(manner);
    }
    const auto [found, is_new] = places_.try_emplace({manner, port}, drafts.size());
    if (is_new) {
      drafts.push_back({{port}, {}, {}, {}});
    }
    return drafts[found->second];
  }

  static std::vector<std::vector<const Draft*>> groups(const std::vector<Draft>& drafts) {
    std::vector<std::vector<const Draft*>> result;
    for (const auto& draft : drafts) {
      const auto place = std::find_if(result.begin(), result.end(), [&](const auto& group) {
        return fit_side_by_side(group, draft);
      });
      if (place == result.end()) {
        result.push_back({&draft});
      } else {
        place->push_back(&draft);
      }
    }
    return result;
  }

  Numbering rows_;
  Numbering columns_;
  std::vector<Manner> order_;
  std::map<Manner, std::vector<Draft>> drafts_;
  std::map<std::pair<Manner, PortKey>, std::size_t> places_;
};

}  // namespace

Mark mark_of(const Comparison& comparison) {
  if (comparison.agreement == Agreement::inconclusive) {
    return {'?', ' '};
  }
  if (comparison.flapping) {
    return {'%', '!'};
  }
  const char symbol = last_observed(comparison) == Observed::allowed ? '.' : 'X';
  if (comparison.agreement == Agreement::mismatch) {
    return {symbol, '!'};
  }
  return {symbol, comparison.prediction.verdict == Verdict::either ? '~' : ' '};
}

Mark mark_of(const Prediction& prediction) {
  switch (prediction.verdict) {
    case Verdict::allowed:
      return {'.', ' '};
    case Verdict::blocked:
      return {'X', ' '};
    case Verdict::either:
      break;
  }
  return {'~', ' '};
}

bool is_trouble(Mark mark) {
  return mark.flag == '!' || mark.symbol == '?';
}

std::string to_string(const MatrixEnd& endpoint) {
  return (endpoint.group.empty() ? "" : endpoint.group + "/") + endpoint.name + endpoint.suffix;
}

std::vector<Matrix> make_matrices(const std::vector<MarkedProbe>& probes) {
  Round round;
  for (const auto& [probe, mark] : probes) {
    round.add(*probe, mark);
  }
  return round.matrices();
}

}  // namespace nettest
