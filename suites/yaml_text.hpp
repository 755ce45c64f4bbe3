// YAML in flow style, as text: what suites are written with. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nettest {

/// The text as a YAML string: plain where every reader takes it for a string, else quoted.
std::string yaml_string(std::string_view text);

/// "[a, b]".
std::string yaml_list(const std::vector<std::string>& items);

/// A map in the making, whose values are YAML already.
class YamlMap {
 public:
  YamlMap& add(std::string_view key, std::string value);
  /// Adds a string, unless it is empty.
  YamlMap& add_text(std::string_view key, std::string_view text);
  /// Adds a list, unless it is empty.
  YamlMap& add_list(std::string_view key, const std::vector<std::string>& items);

  /// "{a: b, c: d}".
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace nettest
