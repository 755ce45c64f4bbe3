// A hash that is the same on every machine and in every release. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nettest {

/// FNV-1a, 64 bits: for dividing and recognising things, not against anybody's malice.
std::uint64_t stable_hash(std::string_view text);

/// The same in sixteen hexadecimal digits.
std::string stable_hash_text(std::string_view text);

}  // namespace nettest
