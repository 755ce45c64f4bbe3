#include "base/ip.hpp"

#include <arpa/inet.h>
#include <cassert>
#include <charconv>

namespace nettest {

namespace {

constexpr int kBitsPerByte = 8;

std::optional<int> parse_prefix_length(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  int length = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, length);
  if (status != std::errc{} || stop != end || length < 0) {
    return std::nullopt;
  }
  return length;
}

}  // namespace

std::string_view to_string(IpFamily family) {
  return family == IpFamily::ipv4 ? "IPv4" : "IPv6";
}

IpAddress IpAddress::from_ipv4(std::uint32_t host_order) {
  IpAddress address;
  for (int i = 0; i < 4; ++i) {
    address.bytes_[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(host_order >> (kBitsPerByte * (3 - i)));
  }
  return address;
}

IpAddress IpAddress::from_ipv6(const std::array<std::uint8_t, 16>& bytes) {
  IpAddress address;
  address.family_ = IpFamily::ipv6;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  // inet_pton refuses leading zeros in IPv4, zones, and every legacy form (RFC
  // 6943 section 3.1.1).
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) {
    return address;
  }
  address.bytes_.fill(0);
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) {
    address.family_ = IpFamily::ipv6;
    return address;
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::next() const {
  IpAddress result = *this;
  for (int i = width() / kBitsPerByte - 1; i >= 0; --i) {
    if (++result.bytes_[static_cast<std::size_t>(i)] != 0) {
      return result;
    }
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::previous() const {
  IpAddress result = *this;
  for (int i = width() / kBitsPerByte - 1; i >= 0; --i) {
    if (result.bytes_[static_cast<std::size_t>(i)]-- != 0) {
      return result;
    }
  }
  return std::nullopt;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.family() == IpFamily::ipv4 ? AF_INET : AF_INET6;
  inet_ntop(family, address.bytes().data(), text.data(), text.size());
  return text.data();
}

Cidr::Cidr(const IpAddress& address, int length) : address_(address), length_(length) {
  assert(length >= 0 && length <= address.width());
  std::array<std::uint8_t, 16> bytes = address.bytes();
  for (int bit = length; bit < address.width(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % kBitsPerByte));
    bytes[static_cast<std::size_t>(bit / kBitsPerByte)] &= static_cast<std::uint8_t>(~mask);
  }
  if (address.family() == IpFamily::ipv6) {
    address_ = IpAddress::from_ipv6(bytes);
  } else {
    address_ = IpAddress::from_ipv4(static_cast<std::uint32_t>(bytes[0]) << 24U |
                                    static_cast<std::uint32_t>(bytes[1]) << 16U |
                                    static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3]);
  }
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto address = IpAddress::parse(text.substr(0, slash));
  const auto length = parse_prefix_length(text.substr(slash + 1));
  if (!address || !length || *length > address->width()) {
    return std::nullopt;
  }
  return Cidr(*address, *length);
}

IpAddress Cidr::last() const {
  std::array<std::uint8_t, 16> bytes = address_.bytes();
  for (int bit = length_; bit < address_.width(); ++bit) {
    bytes[static_cast<std::size_t>(bit / kBitsPerByte)] |=
        static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % kBitsPerByte));
  }
  if (family() == IpFamily::ipv6) {
    return IpAddress::from_ipv6(bytes);
  }
  return IpAddress::from_ipv4(static_cast<std::uint32_t>(bytes[0]) << 24U |
                              static_cast<std::uint32_t>(bytes[1]) << 16U |
                              static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3]);
}

bool Cidr::contains(const IpAddress& address) const {
  return address.family() == family() && first() <= address && address <= last();
}

bool Cidr::contains(const Cidr& other) const {
  return other.family() == family() && length_ <= other.length_ && contains(other.address_);
}

std::string to_string(const Cidr& block) {
  return to_string(block.address()) + "/" + std::to_string(block.length());
}

}  // namespace nettest
