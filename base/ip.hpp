// IP addresses and CIDR blocks, IPv4 and IPv6. Pure.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nettest {

enum class IpFamily { ipv4, ipv6 };

/// Says "IPv4" or "IPv6", as the Kubernetes API spells them.
std::string_view to_string(IpFamily family);

/// An IPv4 or IPv6 address. Ordered by family, then numerically.
class IpAddress {
 public:
  IpAddress() = default;
  static IpAddress from_ipv4(std::uint32_t host_order);
  static IpAddress from_ipv6(const std::array<std::uint8_t, 16>& bytes);

  /// Parses dotted-quad IPv4 (no leading zeros, as Go's net/netip) or RFC 4291
  /// IPv6 text without zone; nothing else is an address.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] IpFamily family() const { return family_; }
  /// 4 or 16 bytes in network order; an IPv4 address uses the first four.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  /// Number of bits in an address of this family: 32 or 128.
  [[nodiscard]] int width() const { return family_ == IpFamily::ipv4 ? 32 : 128; }
  /// The neighbouring address upwards, or nothing after the last one.
  [[nodiscard]] std::optional<IpAddress> next() const;
  /// The neighbouring address downwards, or nothing before the first one.
  [[nodiscard]] std::optional<IpAddress> previous() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  IpFamily family_ = IpFamily::ipv4;
  std::array<std::uint8_t, 16> bytes_{};
};

/// Formats canonically (RFC 5952 for IPv6).
std::string to_string(const IpAddress& address);

/// An address block. Always canonical: the host bits are zero.
class Cidr {
 public:
  Cidr() = default;
  /// Keeps `length` leading bits of `address`. `length` must be within the
  /// family's width.
  Cidr(const IpAddress& address, int length);

  /// Parses "address/length"; host bits may be set (the API server takes them
  /// with a warning) and are cleared.
  static std::optional<Cidr> parse(std::string_view text);

  [[nodiscard]] const IpAddress& address() const { return address_; }
  [[nodiscard]] int length() const { return length_; }
  [[nodiscard]] IpFamily family() const { return address_.family(); }
  [[nodiscard]] IpAddress first() const { return address_; }
  [[nodiscard]] IpAddress last() const;
  [[nodiscard]] bool contains(const IpAddress& address) const;
  /// Says whether every address of `other` is in this block (equal blocks
  /// contain each other).
  [[nodiscard]] bool contains(const Cidr& other) const;

  auto operator<=>(const Cidr&) const = default;

 private:
  IpAddress address_;
  int length_ = 0;
};

std::string to_string(const Cidr& block);

}  // namespace nettest
