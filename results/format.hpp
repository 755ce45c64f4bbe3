// Small pieces of text that every output shares: durations, times, counts, columns. Pure, and
// the same in every locale.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "probes/attempt.hpp"

namespace nettest {

/// Formats for people: "850 us", "12 ms", "1.25 s", "2 min 5 s".
std::string duration_text(Duration duration);

/// Formats as seconds with three decimals and without sign: "0.012".
std::string seconds_text(Duration duration);

/// Formats as UTC with nanoseconds: "2026-01-31T12:00:00.000000000Z".
std::string utc_text(WallTime time);

/// Reads what utc_text wrote, and nothing else.
std::optional<WallTime> parse_utc(std::string_view text);

/// Says "1 entry" or "3 entries".
std::string counted(std::size_t number, std::string_view noun, std::string_view plural);

/// Says "1 probe" or "3 probes"; nouns ending in x, s, ch or sh take "es".
std::string counted(std::size_t number, std::string_view noun);

/// Says the signals of attempts in order, runs shortened: "timed_out ×3, connected".
std::string signals_text(const std::vector<Attempt>& attempts);

/// Counts the terminal columns that UTF-8 text takes: wide East Asian characters two, combining
/// marks none; bytes that are no UTF-8 one each.
std::size_t display_width(std::string_view text);

/// Adds spaces on the right until `width` columns are taken; never cuts.
std::string padded(std::string_view text, std::size_t width);

/// Cuts text to `width` columns, the last of which is then "…".
std::string shortened(std::string_view text, std::size_t width);

/// Breaks text into lines of at most `width` columns at spaces; words longer than that stay
/// whole. Width 0: one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Makes text safe for a terminal and for one line, without shortening it noticeably.
std::string one_line(std::string_view text);

}  // namespace nettest
