// Matrices as plain values: what a table shows, before it is laid out. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/comparison.hpp"

namespace nettest {

/// What a cell shows. Symbols: `.` allowed, `X` blocked, `?` not known, `~` either, `%` flapping,
/// `+` mixed, `-` no probe. Flags: `!` mismatch, `~` seen but not judged, ` ` nothing to say.
struct Mark {
  char symbol = '-';
  char flag = ' ';

  auto operator<=>(const Mark&) const = default;
};

Mark mark_of(const Comparison& comparison);
Mark mark_of(const Prediction& prediction);

/// Says whether the mark needs a person: a mismatch or something not known.
bool is_trouble(Mark mark);

struct MarkedProbe {
  const Probe* probe = nullptr;
  Mark mark;
};

/// A row or column: a pod, a service, a URL, or many that behave alike.
struct MatrixEnd {
  /// The namespace, or empty for URLs and classes.
  std::string group;
  std::string name;
  /// What the heading does not say for this column alone: ":8080", ":53/UDP".
  std::string suffix;

  auto operator<=>(const MatrixEnd&) const = default;
};

/// Formats as "group/name:suffix".
std::string to_string(const MatrixEnd& endpoint);

/// One table. `marks` has a row of columns.size() cells per row.
struct Matrix {
  /// "TCP 80, UDP 81 by pod IP".
  std::string heading;
  std::vector<MatrixEnd> rows;
  std::vector<MatrixEnd> columns;
  std::vector<Mark> marks;
  /// What a reader of a summarised matrix must know, else empty.
  std::string note;

  [[nodiscard]] Mark at(std::size_t row, std::size_t column) const {
    return marks[row * columns.size() + column];
  }
};

/// Makes the matrices of a round: one per way of asking (port, protocol, by, family, client);
/// identical ones are folded, ones with different columns are put side by side. Rows and columns
/// stand in the order of the probes.
std::vector<Matrix> make_matrices(const std::vector<MarkedProbe>& probes);

/// Makes one row and column of endpoints that behave alike (as source and as destination, where
/// these are the same pods); nothing when more than `limit` are left.
std::optional<Matrix> condensed_by_likeness(const Matrix& matrix, std::size_t limit);

/// Makes a matrix of more than `limit` rows or columns smaller: endpoints that behave alike become
/// one; where that is not enough, namespaces do; where that is not enough, no cell is left and
/// `note` counts the marks.
Matrix condensed(const Matrix& matrix, std::size_t limit);

}  // namespace nettest
