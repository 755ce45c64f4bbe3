#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/cli/command_line.hpp"

namespace nettest {

namespace {

constexpr Duration kLongest = std::chrono::hours(1);

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (status != std::errc{}) {
    return std::nullopt;
  }
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits = {
      {{"", 1}, {"s", 1}, {"ms", 0.001}, {"m", 60}}};
  for (const auto& [name, seconds] : kUnits) {
    if (name != unit) {
      continue;
    }
    const std::chrono::duration<double> length(number * seconds);
    // Written so that a NaN fails too.
    if (!(length > Duration::zero() && length <= kLongest)) {
      return std::nullopt;
    }
    return std::max(std::chrono::duration_cast<Duration>(length), Duration(1));
  }
  return std::nullopt;
}

}  // namespace nettest
