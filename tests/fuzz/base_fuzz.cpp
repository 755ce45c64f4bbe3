// Text helpers and addresses on hostile bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/ip.hpp"
#include "base/text.hpp"

namespace {

// What was read and written again must read the same.
template <typename Value>
void check_round_trip(std::string_view text) {
  if (const auto value = Value::parse(text); value && Value::parse(to_string(*value)) != value) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_round_trip<nettest::IpAddress>(text);
  check_round_trip<nettest::Cidr>(text);
  if (nettest::first_invalid_utf8(nettest::printable(text, size * 4))) {
    std::abort();
  }
  return 0;
}
