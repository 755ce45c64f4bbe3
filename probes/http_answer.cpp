#include "probes/http_answer.hpp"

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kLongestIdentity = 160;

}  // namespace

Signal signal_of_http_status(int status) {
  if (status >= 200 && status < 300) {
    return Signal::connected;
  }
  switch (status) {
    case 403:
      return Signal::http_denied;
    case 502:
    case 503:
    case 504:
      return Signal::unreachable;
    default:
      return Signal::wrong_backend;
  }
}

std::string identity_of(std::string_view text) {
  auto line = text.substr(0, text.find('\n'));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  return printable(line, kLongestIdentity);
}

}  // namespace nettest
