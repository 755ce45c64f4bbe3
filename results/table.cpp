#include "results/table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "results/format.hpp"
#include "results/paint.hpp"

namespace nettest {

namespace {

constexpr std::string_view kIndent = "  ";
constexpr std::string_view kCorner = "from \\ to";
constexpr std::size_t kMarkWidth = 2;
/// Larger matrices are condensed, whatever the width.
constexpr std::size_t kLargest = 60;

/// A column of the table as it will be printed: two lines of heading, then cells.
struct PrintedColumn {
  std::string group;
  std::string name;
  std::size_t width = kMarkWidth;
  std::size_t gap = 1;
};

struct Layout {
  std::vector<std::string> row_labels;
  std::size_t label_width = 0;
  std::vector<PrintedColumn> columns;
  /// What the numbers of numbered columns mean.
  std::vector<std::string> key;
};

std::size_t total_width(const Layout& layout) {
  std::size_t width = kIndent.size() + layout.label_width;
  for (const auto& column : layout.columns) {
    width += column.gap + column.width;
  }
  return width;
}

void set_labels(Layout& layout, const std::vector<std::string>& labels) {
  layout.row_labels = labels;
  layout.label_width = display_width(kCorner);
  for (const auto& label : labels) {
    layout.label_width = std::max(layout.label_width, display_width(label));
  }
}

bool starts_group(const std::vector<MatrixEnd>& columns, std::size_t i) {
  return i == 0 || columns[i].group != columns[i - 1].group;
}

/// Widens the last column of each namespace until the namespace's name fits over its columns.
void make_room_for_groups(Layout& layout) {
  std::size_t room = 0;
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    auto& column = layout.columns[i];
    if (!column.group.empty() || i == 0) {
      room = 0;
      wanted = display_width(column.group);
    } else {
      room += column.gap;
    }
    room += column.width;
    const bool last = i + 1 == layout.columns.size() || !layout.columns[i + 1].group.empty();
    if (last && room < wanted) {
      column.width += wanted - room;
    }
  }
}

Layout named_layout(const Matrix& matrix) {
  Layout layout;
  std::vector<std::string> labels;
  for (const auto& row : matrix.rows) {
    labels.push_back(one_line(to_string(row)));
  }
  set_labels(layout, labels);
  bool narrow = true;
  for (std::size_t i = 0; i < matrix.columns.size(); ++i) {
    const auto& endpoint = matrix.columns[i];
    PrintedColumn column;
    column.group = starts_group(matrix.columns, i) ? one_line(endpoint.group) : "";
    column.name = one_line(endpoint.name + endpoint.suffix);
    column.width = std::max(kMarkWidth, display_width(column.name));
    narrow = narrow && column.width == kMarkWidth;
    layout.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    layout.columns[i].gap = starts_group(matrix.columns, i) ? 3 : (narrow ? 1 : 2);
  }
  make_room_for_groups(layout);
  return layout;
}

Layout numbered_layout(const Matrix& matrix) {
  Layout layout;
  const bool same = matrix.rows == matrix.columns;
  const std::size_t digits = std::to_string(matrix.columns.size()).size();
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < matrix.rows.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string prefix = std::string(digits - std::min(digits, number.size()), ' ') + number;
    labels.push_back((same ? prefix + " " : "") + one_line(to_string(matrix.rows[i])));
  }
  set_labels(layout, labels);
  for (std::size_t i = 0; i < matrix.columns.size(); ++i) {
    PrintedColumn column;
    column.name = std::to_string(i + 1);
    column.width = std::max(kMarkWidth, digits);
    layout.columns.push_back(std::move(column));
    if (!same) {
      layout.key.push_back(std::to_string(i + 1) + " = " + one_line(to_string(matrix.columns[i])));
    }
  }
  if (same) {
    layout.key.emplace_back("columns are numbered as the rows");
  }
  return layout;
}

std::string without_trailing_spaces(std::string line) {
  const auto end = line.find_last_not_of(' ');
  line.resize(end == std::string::npos ? 0 : end + 1);
  return line + "\n";
}

struct Columns {
  std::size_t first = 0;
  std::size_t end = 0;
};

std::string heading_lines(const Layout& layout, Columns part) {
  std::string groups = std::string(kIndent) + padded("", layout.label_width);
  std::string names = std::string(kIndent) + padded(kCorner, layout.label_width);
  bool grouped = false;
  std::size_t group_end = 0;
  std::size_t at = display_width(names);
  for (std::size_t i = part.first; i < part.end; ++i) {
    const auto& column = layout.columns[i];
    at += column.gap;
    if (!column.group.empty()) {
      groups = padded(groups, std::max(at, group_end)) + column.group;
      group_end = display_width(groups) + 1;
      grouped = true;
    }
    names += std::string(column.gap, ' ') + padded(column.name, column.width);
    at += column.width;
  }
  return (grouped ? without_trailing_spaces(groups) : "") + without_trailing_spaces(names);
}

std::string cell_text(Mark mark, std::size_t width, bool colour) {
  std::string text{mark.symbol};
  if (mark.flag != ' ') {
    text += mark.flag;
  }
  const std::size_t taken = text.size();
  return painted(text, paint_of(mark), colour) + std::string(width - taken, ' ');
}

std::string part_text(const Matrix& matrix, const Layout& layout, Columns part, bool colour) {
  std::string text = heading_lines(layout, part);
  for (std::size_t row = 0; row < matrix.rows.size(); ++row) {
    std::string line = std::string(kIndent) + padded(layout.row_labels[row], layout.label_width);
    for (std::size_t i = part.first; i < part.end; ++i) {
      const auto& column = layout.columns[i];
      line += std::string(column.gap, ' ') + cell_text(matrix.at(row, i), column.width, colour);
    }
    text += without_trailing_spaces(std::move(line));
  }
  return text;
}

/// The next columns that fit; at least one.
Columns next_part(const Layout& layout, std::size_t first, std::size_t width) {
  std::size_t taken = kIndent.size() + layout.label_width;
  std::size_t end = first;
  while (end < layout.columns.size()) {
    taken += layout.columns[end].gap + layout.columns[end].width;
    if (width > 0 && taken > width && end > first) {
      break;
    }
    ++end;
  }
  return {first, end};
}

std::string key_text(const Layout& layout, std::size_t width) {
  std::string text;
  std::string line;
  for (const auto& entry : layout.key) {
    const std::string longer = line.empty() ? std::string(kIndent) + entry : line + "  " + entry;
    if (!line.empty() && width > 0 && display_width(longer) > width) {
      text += line + "\n";
      line = std::string(kIndent) + entry;
    } else {
      line = longer;
    }
  }
  return line.empty() ? text : text + line + "\n";
}

/// A matrix and how it is laid out, made to fit: columns by name, else by number, else what
/// behaves alike together, else in parts.
std::pair<Matrix, Layout> fitted(const Matrix& whole, std::size_t width) {
  Matrix matrix = condensed(whole, kLargest);
  Layout layout = named_layout(matrix);
  if (width == 0 || total_width(layout) <= width) {
    return {std::move(matrix), std::move(layout)};
  }
  layout = numbered_layout(matrix);
  if (total_width(layout) > width && !matrix.columns.empty()) {
    const auto fitting = next_part(layout, 0, width).end;
    if (auto alike = condensed_by_likeness(matrix, fitting)) {
      matrix = *std::move(alike);
      layout = numbered_layout(matrix);
    }
  }
  return {std::move(matrix), std::move(layout)};
}

std::string matrix_text(const Matrix& whole, const TextStyle& style) {
  const auto width = static_cast<std::size_t>(std::max(style.width, 0));
  const auto [matrix, layout] = fitted(whole, width);
  std::string text =
      std::string(kIndent) + painted(matrix.heading, Paint::heading, style.colour) + "\n";
  for (std::size_t first = 0; first < matrix.columns.size();) {
    const Columns part = next_part(layout, first, width);
    text += part_text(matrix, layout, part, style.colour);
    first = part.end;
  }
  text += matrix.rows.empty() ? "" : key_text(layout, width);
  for (const auto& line : wrapped(matrix.note, width > kIndent.size() ? width - 2 : 0)) {
    text += line.empty() ? "" : std::string(kIndent) + line + "\n";
  }
  return text;
}

using LegendEntry = std::pair<std::string_view, std::string_view>;

std::string legend(const std::vector<LegendEntry>& entries, const TextStyle& style) {
  constexpr std::string_view kTitle = "Legend: ";
  const auto width = static_cast<std::size_t>(std::max(style.width, 0));
  std::string text(kTitle);
  std::size_t taken = kTitle.size();
  for (const auto& [mark, meaning] : entries) {
    const std::size_t size = mark.size() + 1 + meaning.size();
    if (taken > kTitle.size()) {
      const bool breaks = width > 0 && taken + 3 + size > width;
      text += breaks ? "\n" + std::string(kTitle.size(), ' ') : "   ";
      taken = breaks ? kTitle.size() : taken + 3;
    }
    const Mark first{mark.front(), mark.size() > 1 ? mark[1] : ' '};
    text += painted(mark, paint_of(first), style.colour) + " " + std::string(meaning);
    taken += size;
  }
  return text + "\n";
}

}  // namespace

std::string table_text(const std::vector<Matrix>& matrices, const TextStyle& style) {
  std::string text;
  for (const auto& matrix : matrices) {
    text += (text.empty() ? "" : "\n") + matrix_text(matrix, style);
  }
  return text;
}

std::string render_legend(const TextStyle& style) {
  return legend({{".", "allowed"},
                 {"X", "blocked"},
                 {".!", "allowed, must be blocked"},
                 {"X!", "blocked, must be allowed"},
                 {"%!", "flapping"},
                 {"?", "not known"},
                 {".~ X~", "undefined, not judged"},
                 {"-", "not probed"},
                 {"+", "differs inside"}},
                style);
}

std::string render_prediction_legend(const TextStyle& style) {
  return legend({{".", "allowed"},
                 {"X", "blocked"},
                 {"~", "undefined: either may happen"},
                 {"-", "not probed"},
                 {"+", "differs inside"}},
                style);
}

}  // namespace nettest
