#include "probes/agent/http_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace nettest::agent {

namespace {

constexpr std::size_t kEnough = 16384;

// "HTTP/1.1 200 OK"; 0 when it is something else.
int status_of(std::string_view text) {
  if (text.substr(0, 7) != "HTTP/1.") {
    return 0;
  }
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) {
    return 0;
  }
  const auto digits = text.substr(blank + 1, 3);
  int status = 0;
  const auto result = std::from_chars(digits.begin(), digits.end(), status);
  return result.ec == std::errc() && result.ptr == digits.end() && status >= 100 ? status : 0;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::size_t end_of_headers(std::string_view text) {
  for (const std::string_view end : std::array<std::string_view, 2>{"\r\n\r\n", "\n\n"}) {
    if (const auto place = text.find(end); place != std::string_view::npos) {
      return place + end.size();
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<HttpResponse> read_http(std::string_view text, bool at_end) {
  const bool all = at_end || text.size() >= kEnough;
  constexpr std::string_view kStart = "HTTP/1.";
  const auto common = std::min(text.size(), kStart.size());
  if (text.substr(0, common) != kStart.substr(0, common)) {
    return HttpResponse{};
  }
  const auto body_start = end_of_headers(text);
  if (body_start == std::string_view::npos) {
    return all ? std::optional(HttpResponse{status_of(text), {}}) : std::nullopt;
  }
  HttpResponse response{status_of(text), text.substr(body_start)};
  if (contains_ignoring_case(text.substr(0, body_start), "transfer-encoding: chunked")) {
    const auto size_line = response.body.find('\n');
    response.body = size_line == std::string_view::npos ? std::string_view()
                                                        : response.body.substr(size_line + 1);
  }
  const bool complete = all || response.body.find('\n') != std::string_view::npos ||
                        response.status < 200 || response.status >= 300;
  return complete ? std::optional(response) : std::nullopt;
}

}  // namespace nettest::agent
