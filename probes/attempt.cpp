#include "probes/attempt.hpp"

#include <array>
#include <utility>

namespace nettest {

namespace {

constexpr std::array<std::pair<Signal, std::string_view>, 9> kSignals = {
    {{Signal::connected, "connected"},
     {Signal::refused, "refused"},
     {Signal::timed_out, "timed_out"},
     {Signal::unreachable, "unreachable"},
     {Signal::reset, "reset"},
     {Signal::dns_failed, "dns_failed"},
     {Signal::wrong_backend, "wrong_backend"},
     {Signal::http_denied, "http_denied"},
     {Signal::unusable, "unusable"}}};

}  // namespace

std::string_view to_string(Signal signal) {
  for (const auto& [value, text] : kSignals) {
    if (value == signal) {
      return text;
    }
  }
  return "?";
}

std::optional<Signal> parse_signal(std::string_view text) {
  for (const auto& [value, name] : kSignals) {
    if (name == text) {
      return value;
    }
  }
  return std::nullopt;
}

Observed observed(Signal signal) {
  switch (signal) {
    case Signal::connected:
      return Observed::allowed;
    case Signal::refused:
    case Signal::timed_out:
    case Signal::unreachable:
    case Signal::reset:
    case Signal::dns_failed:
    case Signal::http_denied:
      return Observed::blocked;
    case Signal::wrong_backend:
    case Signal::unusable:
      return Observed::nothing;
  }
  return Observed::nothing;
}

std::string_view to_string(Observed observed) {
  switch (observed) {
    case Observed::allowed:
      return "allowed";
    case Observed::blocked:
      return "blocked";
    case Observed::nothing:
      return "nothing";
  }
  return "?";
}

}  // namespace nettest
