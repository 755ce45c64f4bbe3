// What may pass between two endpoints: a set of ports per protocol; and the
// table that gives each distinct set a number. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>

#include "probes/connectivity/port_set.hpp"

namespace nettest {

/// The protocols in the order in which outputs print them.
inline constexpr std::array<Protocol, 3> kPrintedProtocols = {
    Protocol::sctp, Protocol::tcp, Protocol::udp};

/// A set of (protocol, port).
class ConnectionSet {
 public:
  ConnectionSet() = default;
  ConnectionSet(Protocol protocol, PortSet ports);
  /// Every port of every protocol.
  static ConnectionSet all();

  [[nodiscard]] const PortSet& ports(Protocol protocol) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool contains(Protocol protocol, Port port) const;

  [[nodiscard]] ConnectionSet united(const ConnectionSet& other) const;
  [[nodiscard]] ConnectionSet intersected(const ConnectionSet& other) const;
  [[nodiscard]] ConnectionSet without(const ConnectionSet& other) const;

  auto operator<=>(const ConnectionSet&) const = default;

 private:
  template <typename Combine>
  ConnectionSet combined(const ConnectionSet& other, Combine combine) const;

  std::array<PortSet, 3> ports_;
};

/// Formats as "All Connections", "No Connections", or the protocols in the
/// order SCTP, TCP, UDP, as in "SCTP 1-65535,TCP 80,443,UDP 53".
std::string to_string(const ConnectionSet& connections);

/// A number for a distinct ConnectionSet.
using ConnectionId = std::uint32_t;

/// Numbers connection sets, and remembers unions and intersections: clusters of
/// any size use few different sets. Not safe to share between threads.
class ConnectionTable {
 public:
  static constexpr ConnectionId kNone = 0;
  static constexpr ConnectionId kAll = 1;

  ConnectionTable();
  ConnectionId intern(const ConnectionSet& connections);
  [[nodiscard]] const ConnectionSet& get(ConnectionId id) const { return sets_[id]; }
  /// The text of the set, made once.
  [[nodiscard]] const std::string& text(ConnectionId id) const { return texts_[id]; }
  [[nodiscard]] std::size_t size() const { return sets_.size(); }

  ConnectionId united(ConnectionId a, ConnectionId b);
  ConnectionId intersected(ConnectionId a, ConnectionId b);

 private:
  using Memo = std::unordered_map<std::uint64_t, ConnectionId>;

  // Deques: what get() and text() returned stays where it is.
  std::deque<ConnectionSet> sets_;
  std::deque<std::string> texts_;
  std::map<ConnectionSet, ConnectionId> ids_;
  Memo unions_;
  Memo intersections_;
};

}  // namespace nettest
