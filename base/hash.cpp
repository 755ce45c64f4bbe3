#include "base/hash.hpp"

namespace nettest {

std::uint64_t stable_hash(std::string_view text) {
  constexpr std::uint64_t kOffset = 14695981039346656037U;
  constexpr std::uint64_t kPrime = 1099511628211U;
  std::uint64_t hash = kOffset;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  }
  return hash;
}

std::string stable_hash_text(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr int kBits = 64;
  constexpr int kBitsPerDigit = 4;
  const std::uint64_t hash = stable_hash(text);
  std::string digits;
  for (int shift = kBits - kBitsPerDigit; shift >= 0; shift -= kBitsPerDigit) {
    digits += kDigits[(hash >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return digits;
}

}  // namespace nettest
