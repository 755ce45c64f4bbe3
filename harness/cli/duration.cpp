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

std::optional<std::pair<std::size_t, std::size_t>> parse_shard(std::string_view text) {
  constexpr std::size_t kMostShards = 10000;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  std::pair<std::size_t, std::size_t> shard;
  const auto read = [](std::string_view digits, std::size_t& number) {
    const auto* const end = digits.data() + digits.size();
    const auto [stop, status] = std::from_chars(digits.data(), end, number);
    return status == std::errc{} && stop == end;
  };
  const bool fine = read(text.substr(0, slash), shard.first) &&
                    read(text.substr(slash + 1), shard.second) && shard.first >= 1 &&
                    shard.first <= shard.second && shard.second <= kMostShards;
  return fine ? std::optional(shard) : std::nullopt;
}

}  // namespace nettest
