// Cases, errors and figures as JSON, for every record of this folder that holds them. Pure; reading
// throws nlohmann::json::exception, and std::invalid_argument on words that are not known.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/probe_json.hpp"
#include "results/report.hpp"

namespace nettest {

/// Milliseconds; exact to the nanosecond for runs of up to a month.
double ms(Duration duration);
Duration duration_from_json(const Json& value);

std::vector<std::string> texts_from_json(const Json& value);

/// Null where there is none.
Json error_json(const std::optional<Error>& error);
std::optional<Error> error_from_json(const Json& value);

Json counts_json(const Counts& counts);
Json latency_json(const Percentiles& latency);

/// The members of an object without its braces, so that a long list can follow them.
std::string members(const Json& object);

/// Appends `items`, one per line, to the list that `text` has opened.
void append_list(std::string& text, const std::vector<std::string>& items, std::string_view indent);

/// The case with all that is in it, a probe per line. `start` is the zero of `sent_ms`.
std::string case_json_text(const std::string& suite, const CaseResult& part, TimePoint start);
CaseResult case_from_json(const Json& value);

}  // namespace nettest
