#include "harness/local/interface_name.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "suites/world.hpp"

namespace nettest {

std::string interface_name(const std::vector<IpAddress>& pod_addresses) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto address = address_of(pod_addresses, IpFamily::ipv4);
  std::string name = "pod";
  for (std::size_t i = 0; address && i < 4; ++i) {
    const std::uint8_t byte = address->bytes().at(i);
    name += kDigits[byte >> 4U];
    name += kDigits[byte & 0xFU];
  }
  return name;
}

}  // namespace nettest
