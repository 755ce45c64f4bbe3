#include "results/xml_text.hpp"

#include "base/text.hpp"

namespace nettest {

namespace {

std::string escaped_bytes(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
  }
  return text;
}

bool is_forbidden_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n';
}

/// How many bytes the lead byte of a well-formed sequence promises.
std::size_t sequence_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC0) {
    return 1;
  }
  if (byte < 0xE0) {
    return 2;
  }
  return byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    // U+FFFE and U+FFFF are UTF-8, but no XML characters.
    const std::string_view start = text.substr(0, 3);
    if (start == "\xEF\xBF\xBE" || start == "\xEF\xBF\xBF") {
      result += escaped_bytes(start);
      text.remove_prefix(start.size());
      continue;
    }
    const bool bad =
        is_forbidden_control(text.front()) || first_invalid_utf8(text.substr(0, 4)) == 0U;
    const std::size_t length = bad ? 1 : sequence_length(text.front());
    const std::string_view piece = text.substr(0, length);
    result += bad ? escaped_bytes(piece) : std::string(piece);
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace nettest
