#include "suites/document.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::array<std::string_view, 22> kBooleans = {
    "y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",  "true",  "True",  "TRUE",
    "n", "N", "no",  "No",  "NO",  "off", "Off", "OFF", "false", "False", "FALSE"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_of_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// Takes a run of decimal digits from the front and says whether there was one.
bool take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) {
    ++count;
  }
  text.remove_prefix(count);
  return count > 0;
}

void take_sign(std::string_view& text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    text.remove_prefix(1);
  }
}

/// Go's strconv.ParseInt(text, 0, 64), as go-yaml calls it after removing underscores.
bool is_integer(std::string_view text) {
  take_sign(text);
  const bool prefixed = text.size() > 2 && text[0] == '0';
  if (prefixed && (text[1] == 'x' || text[1] == 'X')) {
    return all_of_digits(text.substr(2), "0123456789abcdefABCDEF");
  }
  if (prefixed && (text[1] == 'o' || text[1] == 'O')) {
    return all_of_digits(text.substr(2), "01234567");
  }
  if (prefixed && (text[1] == 'b' || text[1] == 'B')) {
    return all_of_digits(text.substr(2), "01");
  }
  return all_of_digits(text, "0123456789");
}

/// go-yaml's yamlStyleFloat: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_real(std::string_view text) {
  take_sign(text);
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN" ||
      text == ".NAN") {
    return true;
  }
  const bool whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    if (!take_digits(text) && !whole) {
      return false;
    }
  } else if (!whole) {
    return false;
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    take_sign(text);
    return take_digits(text) && text.empty();
  }
  return text.empty();
}

std::string_view noun(ScalarType type) {
  switch (type) {
    case ScalarType::boolean:
      return "the boolean ";
    case ScalarType::integer:
    case ScalarType::real:
      return "the number ";
    case ScalarType::string:
      return "the text ";
  }
  return "";
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const MapEntry& entry) {
    return entry.key->text == key;
  });
  return found == entries.end() ? nullptr : found->value;
}

ScalarType type_of(const Node& scalar) {
  constexpr std::size_t kLongestNumber = 400;
  const std::string_view text = scalar.text;
  if (scalar.quoted || text.empty() || text.size() > kLongestNumber) {
    return ScalarType::string;
  }
  if (std::find(kBooleans.begin(), kBooleans.end(), text) != kBooleans.end()) {
    return ScalarType::boolean;
  }
  if (!is_digit(text.front()) && text.front() != '+' && text.front() != '-' &&
      text.front() != '.') {
    return ScalarType::string;
  }
  std::string bare(text);
  std::erase(bare, '_');
  if (is_integer(bare)) {
    return ScalarType::integer;
  }
  return is_real(text) ? ScalarType::real : ScalarType::string;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "nothing";
    case NodeKind::sequence:
      return node.items.empty() ? "an empty list" : "a list";
    case NodeKind::map:
      return node.entries.empty()
                 ? "an empty map"
                 : "a map (with \"" + printable(node.entries[0].key->text, 40) + "\")";
    case NodeKind::scalar:
      break;
  }
  const ScalarType type = type_of(node);
  if (type == ScalarType::string) {
    return std::string(noun(type)) + "\"" + printable(node.text) + "\"";
  }
  return std::string(noun(type)) + printable(node.text);
}

Location place_of(const Node& node, const std::string& file) {
  return {file, node.line, node.column};
}

}  // namespace nettest
