// Text helpers that every layer needs: spelling hints, globs, joining. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nettest {

/// Finds the candidate that `word` most likely misspells (optimal string
/// alignment distance of at most a third of its length), or nothing when none
/// is near.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// Says `, did you mean "x"?` when a candidate is near, else an empty text.
std::string spelling_hint(std::string_view word, const std::vector<std::string>& candidates);

/// Matches `text` against a glob in which `*` stands for any run of characters
/// (also none) and `?` for one.
bool glob_matches(std::string_view glob, std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);

/// Says whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no
/// overlong forms). Returns the offset of the first bad byte, or nothing.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Makes `text` safe to show: control characters and bad UTF-8 become \xNN; cut
/// with "…" after `limit` bytes.
std::string printable(std::string_view text, std::size_t limit = 80);

}  // namespace nettest
