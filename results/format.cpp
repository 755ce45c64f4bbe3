#include "results/format.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kLongestLine = 2000;
constexpr std::int64_t kMinute = 60;

struct Decoded {
  char32_t value = 0;
  std::size_t length = 1;
};

/// The character at the front of `text`; a byte that starts none stands for itself.
Decoded decode(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  std::size_t length = 1;
  if (first >= 0xF0) {
    length = 4;
  } else if (first >= 0xE0) {
    length = 3;
  } else if (first >= 0xC2) {
    length = 2;
  }
  if (length == 1 || length > text.size() || first_invalid_utf8(text.substr(0, length))) {
    return {first < 0x80 ? static_cast<char32_t>(first) : U'?', 1};
  }
  auto value = static_cast<char32_t>(first & (0x7FU >> length));
  for (std::size_t i = 1; i < length; ++i) {
    value = value << 6U | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  return {value, length};
}

using Range = std::pair<char32_t, char32_t>;

template <std::size_t kCount>
bool in_ranges(const std::array<Range, kCount>& ranges, char32_t c) {
  for (const auto& [first, last] : ranges) {
    if (c >= first && c <= last) {
      return true;
    }
  }
  return false;
}

// The blocks that matter in names and notes; no terminal agrees about the rest (UAX #11).
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0x1F300, 0x1F9FF},
                                         {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 6> kNarrow = {{{0x0300, 0x036F},
                                           {0x0483, 0x0489},
                                           {0x200B, 0x200F},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F},
                                           {0xFE20, 0xFE2F}}};

std::size_t columns(char32_t c) {
  if (in_ranges(kNarrow, c)) {
    return 0;
  }
  return in_ranges(kWide, c) ? 2 : 1;
}

template <typename Number>
bool read_number(std::string_view text, std::size_t at, std::size_t length, Number& number) {
  const char* const begin = text.data() + at;
  const auto [stop, status] = std::from_chars(begin, begin + length, number);
  return status == std::errc{} && stop == begin + length && *begin != '-';
}

}  // namespace

std::string duration_text(Duration duration) {
  using namespace std::chrono;
  if (duration < Duration::zero()) {
    return "-" + duration_text(-duration);
  }
  if (duration < microseconds(1)) {
    return fmt::format("{} ns", duration.count());
  }
  if (duration < milliseconds(1)) {
    return fmt::format("{} us", duration_cast<microseconds>(duration).count());
  }
  // Rounded before the unit is chosen, so that 999.9 ms is "1.00 s" and not "1000 ms".
  const auto tenths = (duration + microseconds(50)) / microseconds(100);
  if (tenths < 100) {
    return fmt::format("{}.{} ms", tenths / 10, tenths % 10);
  }
  const auto whole = (duration + microseconds(500)) / milliseconds(1);
  if (whole < 1000) {
    return fmt::format("{} ms", whole);
  }
  const auto hundredths = (duration + milliseconds(5)) / milliseconds(10);
  if (hundredths < kMinute * 100) {
    return fmt::format("{}.{:02} s", hundredths / 100, hundredths % 100);
  }
  const auto all = (duration + milliseconds(500)) / seconds(1);
  return fmt::format("{} min {} s", all / kMinute, all % kMinute);
}

std::string seconds_text(Duration duration) {
  using namespace std::chrono;
  const auto whole =
      duration < Duration::zero() ? 0 : (duration + microseconds(500)) / milliseconds(1);
  return fmt::format("{}.{:03}", whole / 1000, whole % 1000);
}

std::string utc_text(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<nanoseconds> clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     clock.hours().count(),
                     clock.minutes().count(),
                     clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<WallTime> parse_utc(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
  if (text.size() != kShape.size()) {
    return std::nullopt;
  }
  int year_number = 0;
  std::array<unsigned, 5> parts{};
  std::int64_t fraction = 0;
  bool good = read_number(text, 0, 4, year_number) && read_number(text, 20, 9, fraction);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    good = good && read_number(text, 5 + 3 * i, 2, parts.at(i));
  }
  const year_month_day date{year{year_number}, month{parts[0]}, day{parts[1]}};
  // The nanoseconds of the clock end in 2262.
  if (!good || !date.ok() || year_number < 1700 || year_number > 2200 || parts[2] > 23 ||
      parts[3] > 59 || parts[4] > 59) {
    return std::nullopt;
  }
  const WallTime time = sys_days(date) + hours(parts[2]) + minutes(parts[3]) + seconds(parts[4]) +
                        nanoseconds(fraction);
  return utc_text(time) == text ? std::optional(time) : std::nullopt;
}

std::string counted(std::size_t number, std::string_view noun) {
  if (number == 1) {
    return "1 " + std::string(noun);
  }
  const bool hisses =
      noun.ends_with('x') || noun.ends_with('s') || noun.ends_with("ch") || noun.ends_with("sh");
  return fmt::format("{} {}{}", number, noun, hisses ? "es" : "s");
}

std::string counted(std::size_t number, std::string_view noun, std::string_view plural) {
  return fmt::format("{} {}", number, number == 1 ? noun : plural);
}

std::string signals_text(const std::vector<Attempt>& attempts) {
  std::vector<std::string> runs;
  for (std::size_t i = 0; i < attempts.size();) {
    std::size_t end = i;
    while (end < attempts.size() && attempts[end].signal == attempts[i].signal) {
      ++end;
    }
    const auto name = to_string(attempts[i].signal);
    runs.push_back(end - i == 1 ? std::string(name) : fmt::format("{} ×{}", name, end - i));
    i = end;
  }
  return join(runs, ", ");
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [value, length] = decode(text);
    width += columns(value);
    text.remove_prefix(length);
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  const std::size_t taken = display_width(text);
  if (taken < width) {
    result.append(width - taken, ' ');
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width || width == 0) {
    return std::string(text);
  }
  std::size_t taken = 1;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto [value, length] = decode(text.substr(at));
    taken += columns(value);
    if (taken > width) {
      break;
    }
    at += length;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  if (width == 0) {
    return {std::string(text)};
  }
  std::vector<std::string> lines(1);
  for (const auto& word : split(text, ' ')) {
    auto& line = lines.back();
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

std::string one_line(std::string_view text) {
  return printable(text, kLongestLine);
}

}  // namespace nettest
