#include "suites/document_lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

/// What yaml-cpp says, in words that say what to do.
std::string_view in_our_words(std::string_view message) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Row, 7> kWords = {
      Row{"end of map flow not found", "the } of a map is missing"},
      Row{"end of sequence flow not found", "the ] of a list is missing"},
      Row{"illegal map value",
          "a key is not possible here; is the indentation right, or has a text "
          "with \": \" in it to be quoted?"},
      Row{"end of map not found",
          "this is no further key of the map above; is it indented rightly?"},
      Row{"end of sequence not found",
          "this is no further entry of the list above; is it indented rightly?"},
      Row{"illegal block entry", "a list entry is not possible here; is it indented rightly?"},
      Row{"the referenced anchor is not defined", "no anchor of this name stands before the alias"},
  };
  for (const auto& [theirs, ours] : kWords) {
    if (message.starts_with(theirs)) {
      return ours;
    }
  }
  return message;
}

}  // namespace

std::string_view LineCursor::rest_from(int line) {
  while (line_ < line && at_ < text_.size()) {
    const auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }
  return text_.substr(at_);
}

bool ends_with_document_end(std::string_view text) {
  while (!text.empty()) {
    text.remove_suffix(text.back() == '\n' ? 1 : 0);
    const auto start = text.rfind('\n');
    const auto line = start == std::string_view::npos ? text : text.substr(start + 1);
    const auto first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#') {
      return line.starts_with("...");
    }
    text = text.substr(0, text.size() - line.size());
  }
  return false;
}

std::string syntax_words(std::string_view message, std::string_view rest) {
  const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
  const auto first = std::min(line.find_first_not_of(" \t"), line.size());
  if (line.substr(0, first).find('\t') != std::string_view::npos) {
    return "not valid YAML: a tab in the indentation; use spaces";
  }
  std::string words = "not valid YAML: " + std::string(in_our_words(message));
  if (first < line.size()) {
    words += ", at \"" + printable(line.substr(first)) + "\"";
  }
  return words;
}

}  // namespace nettest
