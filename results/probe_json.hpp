// Probes and predictions as JSON, in the words that simulate and run share. Pure; only for the
// JSON outputs of this folder.
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "probes/prediction.hpp"
#include "probes/probe.hpp"

namespace nettest {

/// Keeps keys in the order in which they are written.
using Json = nlohmann::ordered_json;

/// {"from", "to", "port", "protocol", "by", "family", "client", …, "verdict", "reason", "because"}.
Json to_json(const Probe& probe, const Prediction& prediction);

/// Reads what to_json wrote; throws nlohmann::json::exception, and std::invalid_argument on words
/// that are not known.
Probe probe_from_json(const Json& value);
Prediction prediction_from_json(const Json& value);

Json to_json(const Location& where);
Location location_from_json(const Json& value);

/// One JSON text on one line; what is no UTF-8 is replaced.
std::string line_of(const Json& json);

/// Reads a word by the function that writes it; throws std::invalid_argument that names `what`.
template <typename Value, typename List>
Value word_from_json(const Json& json, const char* what, const List& values) {
  const auto& word = json.get_ref<const std::string&>();
  for (const Value value : values) {
    if (to_string(value) == word) {
      return value;
    }
  }
  throw std::invalid_argument(std::string(what) + " \"" + word + "\" is not known");
}

/// Reads a whole number that fits; throws std::invalid_argument that names `what`.
template <typename Number>
Number number_from_json(const Json& json, const char* what) {
  const bool whole = json.is_number_integer();
  if (!whole ||
      (json.is_number_unsigned() &&
       json.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) ||
      !std::in_range<Number>(json.get<std::int64_t>())) {
    throw std::invalid_argument(std::string(what) + " " + line_of(json) + " is no number in range");
  }
  return static_cast<Number>(json.get<std::int64_t>());
}

}  // namespace nettest
