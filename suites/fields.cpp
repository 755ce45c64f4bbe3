#include "suites/fields.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kMostErrors = 1000;

std::string quoted(std::string_view text) {
  return "\"" + printable(text) + "\"";
}

Errors in_text_order(Errors errors) {
  std::vector<std::string> files;
  const auto rank = [&](const Error& error) {
    const std::string& file = error.where ? error.where->file : std::string();
    const auto found = std::find(files.begin(), files.end(), file);
    if (found == files.end()) {
      files.push_back(file);
      return files.size() - 1;
    }
    return static_cast<std::size_t>(found - files.begin());
  };
  std::vector<std::pair<std::size_t, Error>> ranked;
  ranked.reserve(errors.size());
  for (auto& error : errors) {
    const auto file = rank(error);
    ranked.emplace_back(file, std::move(error));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    const Location at_a = a.second.where.value_or(Location{});
    const Location at_b = b.second.where.value_or(Location{});
    return std::tie(a.first, at_a.line, at_a.column) < std::tie(b.first, at_b.line, at_b.column);
  });
  Errors sorted;
  sorted.reserve(ranked.size());
  for (auto& entry : ranked) {
    sorted.push_back(std::move(entry.second));
  }
  return sorted;
}

/// Go's strconv.ParseInt(text, 0, 64), and decimal where a leading zero is not octal.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) {
    digits.erase(0, 1);
  }
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = static_cast<char>(digits[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    if (base == 8 && mark != 'o' && digits.find_first_of("89") != std::string::npos) {
      base = 10;
    }
    digits.erase(0, mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 0);
  }
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, failed] = std::from_chars(digits.data(), end, value, base);
  if (failed != std::errc() || stopped != end) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::string range_text(Range range) {
  return std::to_string(range.low) + " to " + std::to_string(range.high);
}

}  // namespace

Findings::Findings(std::string file, Severity unknown_keys)
    : file_(std::move(file)), unknown_keys_(unknown_keys) {}

void Findings::error(const Node& at, std::string message) {
  add({ErrorKind::suite, std::move(message), place(at)});
}

void Findings::warning(const Node& at, std::string message) {
  add_warning({ErrorKind::suite, std::move(message), place(at)});
}

void Findings::report(Severity severity, const Node& at, std::string message) {
  if (severity == Severity::error) {
    error(at, std::move(message));
  } else if (severity == Severity::warning) {
    warning(at, std::move(message));
  }
}

void Findings::unknown_key(const Node& at, std::string message) {
  if (unknown_keys_ != Severity::warning) {
    report(unknown_keys_, at, std::move(message));
  } else if (unknown_.size() < kMostErrors) {
    unknown_.push_back({ErrorKind::suite, std::move(message), place(at)});
  }
}

Errors Findings::take_unknown_keys() {
  return std::exchange(unknown_, {});
}

void Findings::add(const Error& error) {
  if (errors_.size() >= kMostErrors) {
    ++uncounted_;
    return;
  }
  errors_.push_back(error);
}

void Findings::add_warning(const Error& warning) {
  if (warnings_.size() < kMostErrors) {
    warnings_.push_back(warning);
  }
}

Errors Findings::errors() const {
  Errors sorted = in_text_order(errors_);
  if (uncounted_ > 0) {
    sorted.push_back({ErrorKind::suite,
                      "and " + std::to_string(uncounted_) + " more errors",
                      Location{file_, 0, 0}});
  }
  return sorted;
}

Errors Findings::warnings() const {
  Errors all = warnings_;
  all.insert(all.end(), unknown_.begin(), unknown_.end());
  return in_text_order(std::move(all));
}

Fields::Fields(const Node& node, std::string_view what, Findings& findings)
    : node_(node), what_(what), findings_(findings) {
  if (!node.is_map() && !node.is_null()) {
    findings.error(node, std::string(what) + ": want a map, found " + describe(node));
  }
}

const Node* Fields::get(std::string_view key) {
  known_.push_back(key);
  const Node* value = node_.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const Node* Fields::require(std::string_view key) {
  const Node* value = get(key);
  if (value == nullptr && (node_.is_map() || node_.is_null())) {
    const Node* written = node_.find(key);
    findings_.error(written == nullptr ? node_ : *written,
                    std::string(what_) + ": \"" + std::string(key) +
                        (written == nullptr ? "\" is missing" : "\" has no value"));
  }
  return value;
}

void Fields::skip(std::initializer_list<std::string_view> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Node* value = get(key);
  return value == nullptr ? std::nullopt : read_text(*value, key, findings_);
}

std::optional<std::string> Fields::required_text(std::string_view key) {
  const Node* value = require(key);
  return value == nullptr ? std::nullopt : read_text(*value, key, findings_);
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Node* value = get(key);
  return value == nullptr ? std::nullopt : read_flag(*value, key, findings_);
}

std::optional<std::int64_t> Fields::integer(std::string_view key,
                                            std::int64_t low,
                                            std::int64_t high) {
  const Node* value = get(key);
  return value == nullptr ? std::nullopt : read_integer(*value, key, {low, high}, findings_);
}

std::span<const Node* const> Fields::list(std::string_view key) {
  const Node* value = get(key);
  return value == nullptr ? std::span<const Node* const>() : read_list(*value, key, findings_);
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> texts;
  for (const Node* item : list(key)) {
    if (auto text = read_text(*item, key, findings_)) {
      texts.push_back(std::move(*text));
    }
  }
  return texts;
}

bool Fields::knows(std::string_view key) const {
  return std::find(known_.begin(), known_.end(), key) != known_.end();
}

bool Fields::has_unknown() const {
  return std::any_of(node_.entries.begin(), node_.entries.end(), [&](const MapEntry& entry) {
    return !knows(entry.key->text);
  });
}

void Fields::finish() {
  if (findings_.unknown_keys() == Severity::ignore) {
    return;
  }
  for (const auto& [key, value] : node_.entries) {
    if (knows(key->text)) {
      continue;
    }
    const std::vector<std::string> known(known_.begin(), known_.end());
    const std::string hint = spelling_hint(key->text, known);
    findings_.unknown_key(*key,
                          std::string(what_) + ": unknown key " + quoted(key->text) +
                              (hint.empty() ? "; known are " + join(known, ", ") : hint));
  }
}

std::optional<std::string> read_text(const Node& node, std::string_view what, Findings& findings) {
  if (!node.is_scalar()) {
    findings.error(node, std::string(what) + ": want a text, found " + describe(node));
    return std::nullopt;
  }
  if (type_of(node) != ScalarType::string) {
    findings.error(node,
                   std::string(what) + ": want a text, found " + describe(node) +
                       "; quote it: " + quoted(node.text));
    return std::nullopt;
  }
  return std::string(node.text);
}

std::optional<bool> read_flag(const Node& node, std::string_view what, Findings& findings) {
  if (!node.is_scalar() || type_of(node) != ScalarType::boolean) {
    findings.error(node, std::string(what) + ": want true or false, found " + describe(node));
    return std::nullopt;
  }
  constexpr std::string_view kTrue = "yYtT";
  return kTrue.find(node.text.front()) != std::string_view::npos || node.text == "on" ||
         node.text == "On" || node.text == "ON";
}

std::span<const Node* const> read_list(const Node& node,
                                       std::string_view what,
                                       Findings& findings) {
  if (node.is_sequence()) {
    return node.items;
  }
  if (!node.is_null()) {
    findings.error(node, std::string(what) + ": want a list, found " + describe(node));
  }
  return {};
}

std::optional<std::int64_t> read_integer(const Node& node,
                                         std::string_view what,
                                         Range range,
                                         Findings& findings) {
  if (!node.is_scalar() || type_of(node) != ScalarType::integer) {
    const bool in_quotes = node.is_scalar() && node.quoted && parse_integer(node.text);
    findings.error(node,
                   std::string(what) + ": want a whole number, found " + describe(node) +
                       (in_quotes ? "; leave out the quotes" : ""));
    return std::nullopt;
  }
  const auto value = parse_integer(node.text);
  if (!value || *value < range.low || *value > range.high) {
    findings.error(
        node, std::string(what) + ": " + printable(node.text) + " is not in " + range_text(range));
    return std::nullopt;
  }
  return value;
}

}  // namespace nettest
