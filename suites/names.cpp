#include "suites/names.hpp"

#include <algorithm>

namespace nettest {

namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestSubdomain = 253;
constexpr std::size_t kLongestPortName = 15;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_or_digit(char c) {
  return is_lower(c) || is_digit(c);
}
bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}

/// [a-z0-9]([-a-z0-9]*[a-z0-9])?
bool is_label(std::string_view name) {
  return !name.empty() && is_lower_or_digit(name.front()) && is_lower_or_digit(name.back()) &&
         std::all_of(
             name.begin(), name.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]
bool is_qualified_part(std::string_view name) {
  return !name.empty() && is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
         });
}

NameFault fault_of_length(std::string_view name, std::size_t longest) {
  if (name.empty()) {
    return "must not be empty";
  }
  if (name.size() > longest) {
    return "must be no more than " + std::to_string(longest) + " characters, has " +
           std::to_string(name.size());
  }
  return std::nullopt;
}

}  // namespace

NameFault fault_of_dns_label(std::string_view name) {
  if (auto fault = fault_of_length(name, kLongestLabel)) {
    return fault;
  }
  if (!is_label(name)) {
    return "must be lower-case letters, digits and '-', and begin and end with a letter or digit";
  }
  return std::nullopt;
}

NameFault fault_of_dns_subdomain(std::string_view name) {
  if (auto fault = fault_of_length(name, kLongestSubdomain)) {
    return fault;
  }
  std::string_view rest = name;
  while (true) {
    const auto end = rest.find('.');
    if (!is_label(rest.substr(0, end))) {
      return "must be lower-case letters, digits, '-' and '.', and each part begin and end with a "
             "letter or digit";
    }
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    rest.remove_prefix(end + 1);
  }
}

NameFault fault_of_service_name(std::string_view name) {
  if (auto fault = fault_of_length(name, kLongestLabel)) {
    return fault;
  }
  if (!is_label(name) || !is_lower(name.front())) {
    return "must be lower-case letters, digits and '-', begin with a letter and end with a letter "
           "or digit";
  }
  return std::nullopt;
}

NameFault fault_of_port_name(std::string_view name) {
  if (auto fault = fault_of_length(name, kLongestPortName)) {
    return fault;
  }
  if (!is_label(name) || name.find("--") != std::string_view::npos) {
    return "must be lower-case letters, digits and single '-', and begin and end with a letter or "
           "digit";
  }
  if (std::none_of(name.begin(), name.end(), is_lower)) {
    return "must have at least one letter";
  }
  return std::nullopt;
}

NameFault fault_of_label_key(std::string_view key) {
  const auto slash = key.find('/');
  if (slash != std::string_view::npos) {
    if (auto fault = fault_of_dns_subdomain(key.substr(0, slash))) {
      return "the prefix before '/' " + *fault;
    }
    key.remove_prefix(slash + 1);
  }
  if (auto fault = fault_of_length(key, kLongestLabel)) {
    return slash == std::string_view::npos ? *fault : "the part after '/' " + *fault;
  }
  if (!is_qualified_part(key)) {
    return "must be letters, digits, '-', '_' and '.', and begin and end with a letter or digit";
  }
  return std::nullopt;
}

NameFault fault_of_label_value(std::string_view value) {
  if (value.empty()) {
    return std::nullopt;
  }
  if (auto fault = fault_of_length(value, kLongestLabel)) {
    return fault;
  }
  if (!is_qualified_part(value)) {
    return "must be letters, digits, '-', '_' and '.', and begin and end with a letter or digit";
  }
  return std::nullopt;
}

}  // namespace nettest
