// Sets of ports as sorted intervals. Pure.
#pragma once

#include <string>
#include <vector>

#include "suites/network_policy.hpp"

namespace nettest {

/// Ports from `first` to `last`, both included.
struct PortRange {
  Port first = 0;
  Port last = 0;

  auto operator<=>(const PortRange&) const = default;
};

/// Any set of ports from 1 to 65535. Always normal: ranges are sorted, disjoint
/// and not adjacent, so equal sets have equal ranges.
class PortSet {
 public:
  static constexpr Port kFirst = 1;
  static constexpr Port kLast = 65535;

  PortSet() = default;
  /// The range cut to 1–65535; empty when `first` is above `last`.
  explicit PortSet(PortRange range);
  static PortSet all() { return PortSet({kFirst, kLast}); }

  [[nodiscard]] const std::vector<PortRange>& ranges() const { return ranges_; }
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool contains(Port port) const;

  [[nodiscard]] PortSet united(const PortSet& other) const;
  [[nodiscard]] PortSet intersected(const PortSet& other) const;
  /// The ports of this set that are not in `other`.
  [[nodiscard]] PortSet without(const PortSet& other) const;

  auto operator<=>(const PortSet&) const = default;

 private:
  [[nodiscard]] PortSet complement() const;

  std::vector<PortRange> ranges_;
};

/// Formats as "80,443,8000-9000"; empty for no port.
std::string to_string(const PortSet& ports);

}  // namespace nettest
