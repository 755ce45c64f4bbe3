// Reads as much of an HTTP response as a probe needs. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace nettest::agent {

/// `status` 0: this is no HTTP response.
struct HttpResponse {
  int status = 0;
  /// The beginning of the body, at least its first line.
  std::string_view body;
};

/// Nothing: more has to be read. `at_end`: no more will come.
std::optional<HttpResponse> read_http(std::string_view text, bool at_end);

}  // namespace nettest::agent
