// Large matrices made small: endpoints that behave alike become one row and column.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/matrix.hpp"

namespace nettest {

namespace {

constexpr std::size_t kLabelWidth = 40;

using Members = std::vector<std::size_t>;

/// Sorts 0..count-1 into classes of `alike`, which must be an equivalence; nothing when there are
/// more than `limit`.
template <typename Alike>
std::optional<std::vector<Members>> classes(std::size_t count, std::size_t limit, Alike alike) {
  std::vector<Members> result;
  for (std::size_t i = 0; i < count; ++i) {
    const auto home = std::find_if(result.begin(), result.end(), [&](const Members& members) {
      return alike(members.front(), i);
    });
    if (home != result.end()) {
      home->push_back(i);
    } else if (result.size() == limit) {
      return std::nullopt;
    } else {
      result.push_back({i});
    }
  }
  return result;
}

/// Says whether rows and columns are the same pods, so that a pod's own pair is on the diagonal.
bool is_square(const Matrix& matrix) {
  return matrix.rows == matrix.columns;
}

bool same_rows(const Matrix& matrix, std::size_t a, std::size_t b) {
  for (std::size_t k = 0; k < matrix.columns.size(); ++k) {
    if (matrix.at(a, k) != matrix.at(b, k)) {
      return false;
    }
  }
  return true;
}

bool same_columns(const Matrix& matrix, std::size_t a, std::size_t b) {
  if (matrix.columns[a].suffix != matrix.columns[b].suffix) {
    return false;
  }
  for (std::size_t k = 0; k < matrix.rows.size(); ++k) {
    if (matrix.at(k, a) != matrix.at(k, b)) {
      return false;
    }
  }
  return true;
}

/// Says whether exchanging two pods changes nothing: alike as source and as destination.
bool interchangeable(const Matrix& matrix, std::size_t a, std::size_t b) {
  if (matrix.at(a, a) != matrix.at(b, b) || matrix.at(a, b) != matrix.at(b, a)) {
    return false;
  }
  for (std::size_t k = 0; k < matrix.rows.size(); ++k) {
    const bool own = k == a || k == b;
    if (!own && (matrix.at(a, k) != matrix.at(b, k) || matrix.at(k, a) != matrix.at(k, b))) {
      return false;
    }
  }
  return true;
}

/// Names the members of one namespace: "x/*", "x/* but b", "x/a, x/b".
std::string space_label(const std::string& group,
                        const std::vector<MatrixEnd>& all,
                        const std::set<std::size_t>& members) {
  constexpr std::size_t kFewLeftOut = 2;
  std::vector<std::string> inside;
  std::vector<std::string> left_out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].group == group) {
      const bool member = members.count(i) > 0;
      (member ? inside : left_out).push_back(member ? to_string(all[i]) : all[i].name);
    }
  }
  if (group.empty() || inside.size() <= left_out.size() + 1 || left_out.size() > kFewLeftOut) {
    return join(inside, ", ");
  }
  return group + "/*" + (left_out.empty() ? "" : " but " + join(left_out, ", "));
}

/// "x/*, y/a (12)": whole namespaces by a star, cut where it gets long.
MatrixEnd label(const std::vector<MatrixEnd>& all, const Members& members) {
  if (members.size() == 1) {
    return all[members.front()];
  }
  std::vector<std::string> groups;
  for (const std::size_t member : members) {
    if (std::find(groups.begin(), groups.end(), all[member].group) == groups.end()) {
      groups.push_back(all[member].group);
    }
  }
  const std::set<std::size_t> own(members.begin(), members.end());
  std::vector<std::string> names;
  for (const auto& group : groups) {
    names.push_back(space_label(group, all, own));
  }
  return {"",
          shortened(join(names, ", "), kLabelWidth) + " (" + std::to_string(members.size()) + ")",
          ""};
}

std::vector<MatrixEnd> labels(const std::vector<MatrixEnd>& all,
                              const std::vector<Members>& parts) {
  std::vector<MatrixEnd> result;
  for (const auto& members : parts) {
    result.push_back(label(all, members));
  }
  return result;
}

/// The cell for two classes; between pods of one class, one that is not a pod's own pair.
Mark between(const Matrix& matrix, const Members& from, const Members& to) {
  const bool own = is_square(matrix) && from == to && from.size() > 1;
  return matrix.at(from.front(), own ? from[1] : to.front());
}

Matrix by_classes(const Matrix& matrix,
                  const std::vector<Members>& rows,
                  const std::vector<Members>& columns) {
  Matrix result{matrix.heading, labels(matrix.rows, rows), labels(matrix.columns, columns), {}, ""};
  for (const auto& from : rows) {
    for (const auto& to : columns) {
      result.marks.push_back(between(matrix, from, to));
    }
  }
  result.note = "endpoints that behave alike share a row and column: " +
                counted(matrix.rows.size(), "source") + ", " +
                counted(matrix.columns.size(), "destination");
  if (is_square(matrix)) {
    result.note += "; a pod's own pair is shown only where it is alone";
  }
  return result;
}

std::vector<Members> by_namespace(const std::vector<MatrixEnd>& endpoints) {
  std::map<std::string, std::size_t> known;
  std::vector<Members> result;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto& endpoint = endpoints[i];
    const auto [found, is_new] = known.try_emplace(
        endpoint.group.empty() ? to_string(endpoint) : endpoint.group, result.size());
    if (is_new) {
      result.emplace_back();
    }
    result[found->second].push_back(i);
  }
  return result;
}

/// One mark for many cells; a pod's own pair counts only where it is trouble.
Mark mixed(const Matrix& matrix, const Members& from, const Members& to) {
  std::set<Mark> marks;
  for (const std::size_t row : from) {
    for (const std::size_t column : to) {
      const Mark mark = matrix.at(row, column);
      const bool own = matrix.rows[row] == matrix.columns[column];
      if (mark != Mark{} && (!own || from.size() == 1 || is_trouble(mark))) {
        marks.insert(mark);
      }
    }
  }
  if (marks.size() <= 1) {
    return marks.empty() ? Mark{} : *marks.begin();
  }
  const bool wrong =
      std::any_of(marks.begin(), marks.end(), [](Mark mark) { return mark.flag == '!'; });
  return {'+', wrong ? '!' : ' '};
}

Matrix by_namespaces(const Matrix& matrix,
                     const std::vector<Members>& rows,
                     const std::vector<Members>& columns) {
  Matrix result{matrix.heading, labels(matrix.rows, rows), labels(matrix.columns, columns), {}, ""};
  for (const auto& from : rows) {
    for (const auto& to : columns) {
      result.marks.push_back(mixed(matrix, from, to));
    }
  }
  result.note = "too large to draw pod by pod (" + counted(matrix.rows.size(), "source") + ", " +
                counted(matrix.columns.size(), "destination") +
                "): one cell per pair of namespaces, + where its pods differ, without a pod's own "
                "pair";
  return result;
}

Matrix only_counted(const Matrix& matrix) {
  std::map<Mark, std::size_t> counts;
  for (const Mark mark : matrix.marks) {
    ++counts[mark];
  }
  std::vector<std::string> parts;
  for (const auto& [mark, count] : counts) {
    const std::string shown =
        mark.flag == ' ' ? std::string{mark.symbol} : std::string{mark.symbol, mark.flag};
    parts.push_back(shown + " " + std::to_string(count));
  }
  return {matrix.heading,
          {},
          {},
          {},
          "too large to draw (" + counted(matrix.rows.size(), "source") + ", " +
              counted(matrix.columns.size(), "destination") + "): " + join(parts, ", ") +
              "; every probe is in the JSON report"};
}

}  // namespace

std::optional<Matrix> condensed_by_likeness(const Matrix& matrix, std::size_t limit) {
  const std::size_t count = matrix.rows.size();
  if (is_square(matrix)) {
    const auto parts = classes(
        count, limit, [&](std::size_t a, std::size_t b) { return interchangeable(matrix, a, b); });
    return parts ? std::optional(by_classes(matrix, *parts, *parts)) : std::nullopt;
  }
  const auto rows =
      classes(count, limit, [&](std::size_t a, std::size_t b) { return same_rows(matrix, a, b); });
  const auto columns = classes(matrix.columns.size(), limit, [&](std::size_t a, std::size_t b) {
    return same_columns(matrix, a, b);
  });
  return rows && columns ? std::optional(by_classes(matrix, *rows, *columns)) : std::nullopt;
}

Matrix condensed(const Matrix& matrix, std::size_t limit) {
  if (matrix.rows.size() <= limit && matrix.columns.size() <= limit) {
    return matrix;
  }
  if (auto alike = condensed_by_likeness(matrix, limit)) {
    return *std::move(alike);
  }
  const auto row_spaces = by_namespace(matrix.rows);
  const auto column_spaces = by_namespace(matrix.columns);
  if (row_spaces.size() <= limit && column_spaces.size() <= limit) {
    return by_namespaces(matrix, row_spaces, column_spaces);
  }
  return only_counted(matrix);
}

}  // namespace nettest
