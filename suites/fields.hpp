// Strict decoding of our YAML tree: known keys, types, and all that is wrong at once. Pure.
// For suites and for ordinary manifests, which differ in how they take unknown keys.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "suites/document.hpp"

namespace nettest {

enum class Severity { ignore, warning, error };

/// Collects what is wrong with one file. After 1,000 errors it counts only.
class Findings {
 public:
  /// `unknown_keys` says how a key is taken that an object does not have: an error in
  /// suites, a warning in the manifests of static commands.
  explicit Findings(std::string file, Severity unknown_keys = Severity::error);

  void error(const Node& at, std::string message);
  void warning(const Node& at, std::string message);
  void report(Severity severity, const Node& at, std::string message);
  /// Reports a key that an object does not have, in the severity of unknown keys.
  void unknown_key(const Node& at, std::string message);
  /// Takes what was found elsewhere, another file for example.
  void add(const Error& error);
  void add_warning(const Error& warning);

  [[nodiscard]] Location place(const Node& at) const { return place_of(at, file_); }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] Severity unknown_keys() const { return unknown_keys_; }
  [[nodiscard]] std::size_t error_count() const { return errors_.size() + uncounted_; }

  /// Takes the warnings of unknown keys away: warnings() no longer has them.
  Errors take_unknown_keys();

  /// What was found, in the order of the text within each file.
  [[nodiscard]] Errors errors() const;
  [[nodiscard]] Errors warnings() const;

 private:
  std::string file_;
  Severity unknown_keys_;
  Errors errors_;
  Errors warnings_;
  Errors unknown_;
  std::size_t uncounted_ = 0;
};

/// Reads the keys of one object. Each getter makes its key known; finish() then reports
/// the keys that nobody asked for, with the nearest known one. A key whose value is
/// null counts as absent, as the API server has it.
class Fields {
 public:
  /// `what` names the object in messages ("pod", "step") and must outlive this. A node
  /// that is no map is an error, and reads as a map without keys.
  Fields(const Node& node, std::string_view what, Findings& findings);

  [[nodiscard]] const Node& node() const { return node_; }
  /// The value, or nullptr when the key is absent.
  const Node* get(std::string_view key);
  /// The same; absence is an error.
  const Node* require(std::string_view key);
  /// Makes keys known whose values are of no interest (server-set fields).
  void skip(std::initializer_list<std::string_view> keys);

  /// Nothing when the key is absent or its value is wrong, which is then reported.
  std::optional<std::string> text(std::string_view key);
  std::optional<std::string> required_text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  /// Empty when the key is absent or no list.
  std::span<const Node* const> list(std::string_view key);
  /// The texts of a list.
  std::vector<std::string> texts(std::string_view key);

  /// Says whether there is a key that nobody asked for so far.
  [[nodiscard]] bool has_unknown() const;
  /// Reports unknown keys, in the severity that the findings ask for.
  void finish();

 private:
  [[nodiscard]] bool knows(std::string_view key) const;

  const Node& node_;
  std::string_view what_;
  Findings& findings_;
  std::vector<std::string_view> known_;
};

/// Decodes one value; `what` names it in messages. Numbers and booleans where a text is
/// wanted are refused with "quote it", as the API server's decoder refuses them.
std::optional<std::string> read_text(const Node& node, std::string_view what, Findings& findings);
std::optional<bool> read_flag(const Node& node, std::string_view what, Findings& findings);
std::span<const Node* const> read_list(const Node& node, std::string_view what, Findings& findings);

/// An integer within [low, high]. Reads hexadecimal, octal and underscores as Go does.
struct Range {
  std::int64_t low;
  std::int64_t high;
};
std::optional<std::int64_t> read_integer(const Node& node,
                                         std::string_view what,
                                         Range range,
                                         Findings& findings);

}  // namespace nettest
