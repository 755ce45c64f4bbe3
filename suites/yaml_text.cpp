#include "suites/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace nettest {

namespace {

/// Words that some reader of YAML takes for something else than a string.
constexpr std::array<std::string_view, 10> kSpecial = {
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"};

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-' ||
         c == '/';
}

bool is_plain(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), is_word_character) &&
         std::find(kSpecial.begin(), kSpecial.end(), lower) == kSpecial.end();
}

std::string escaped(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\x") + kDigits[byte >> 4U] + kDigits[byte & 15U];
}

}  // namespace

std::string yaml_string(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += c == '\n' ? "\\n" : escaped(c);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string yaml_list(const std::vector<std::string>& items) {
  return "[" + join(items, ", ") + "]";
}

YamlMap& YamlMap::add(std::string_view key, std::string value) {
  entries_.emplace_back(yaml_string(key), std::move(value));
  return *this;
}

YamlMap& YamlMap::add_text(std::string_view key, std::string_view text) {
  return text.empty() ? *this : add(key, yaml_string(text));
}

YamlMap& YamlMap::add_list(std::string_view key, const std::vector<std::string>& items) {
  return items.empty() ? *this : add(key, yaml_list(items));
}

std::string YamlMap::text() const {
  std::vector<std::string> parts;
  parts.reserve(entries_.size());
  for (const auto& [key, value] : entries_) {
    parts.push_back(key + ": " + value);
  }
  return "{" + join(parts, ", ") + "}";
}

}  // namespace nettest
