#include "probes/connectivity/connection_set.hpp"

#include <algorithm>
#include <utility>

namespace nettest {

namespace {

std::size_t index_of(Protocol protocol) {
  return static_cast<std::size_t>(protocol);
}

std::uint64_t key_of(ConnectionId a, ConnectionId b) {
  const auto [low, high] = std::minmax(a, b);
  return (std::uint64_t{high} << 32U) | low;
}

}  // namespace

ConnectionSet::ConnectionSet(Protocol protocol, PortSet ports) {
  ports_.at(index_of(protocol)) = std::move(ports);
}

ConnectionSet ConnectionSet::all() {
  ConnectionSet result;
  result.ports_.fill(PortSet::all());
  return result;
}

const PortSet& ConnectionSet::ports(Protocol protocol) const {
  return ports_.at(index_of(protocol));
}

bool ConnectionSet::empty() const {
  return std::all_of(ports_.begin(), ports_.end(), [](const PortSet& p) { return p.empty(); });
}

bool ConnectionSet::full() const {
  return std::all_of(ports_.begin(), ports_.end(), [](const PortSet& p) { return p.full(); });
}

bool ConnectionSet::contains(Protocol protocol, Port port) const {
  return ports(protocol).contains(port);
}

template <typename Combine>
ConnectionSet ConnectionSet::combined(const ConnectionSet& other, Combine combine) const {
  ConnectionSet result;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    result.ports_.at(i) = combine(ports_.at(i), other.ports_.at(i));
  }
  return result;
}

ConnectionSet ConnectionSet::united(const ConnectionSet& other) const {
  return combined(other, [](const PortSet& a, const PortSet& b) { return a.united(b); });
}

ConnectionSet ConnectionSet::intersected(const ConnectionSet& other) const {
  return combined(other, [](const PortSet& a, const PortSet& b) { return a.intersected(b); });
}

ConnectionSet ConnectionSet::without(const ConnectionSet& other) const {
  return combined(other, [](const PortSet& a, const PortSet& b) { return a.without(b); });
}

std::string to_string(const ConnectionSet& connections) {
  if (connections.full()) {
    return "All Connections";
  }
  std::string text;
  for (const Protocol protocol : kPrintedProtocols) {
    const PortSet& ports = connections.ports(protocol);
    if (!ports.empty()) {
      text += text.empty() ? "" : ",";
      text += std::string(to_string(protocol)) + " " + to_string(ports);
    }
  }
  return text.empty() ? "No Connections" : text;
}

ConnectionTable::ConnectionTable() {
  intern({});
  intern(ConnectionSet::all());
}

ConnectionId ConnectionTable::intern(const ConnectionSet& connections) {
  const auto next = static_cast<ConnectionId>(sets_.size());
  const auto [entry, is_new] = ids_.emplace(connections, next);
  if (is_new) {
    sets_.push_back(connections);
    texts_.push_back(to_string(connections));
  }
  return entry->second;
}

ConnectionId ConnectionTable::united(ConnectionId a, ConnectionId b) {
  if (a == b || b == kNone || a == kAll) {
    return a;
  }
  if (a == kNone || b == kAll) {
    return b;
  }
  const auto [entry, is_new] = unions_.try_emplace(key_of(a, b), kNone);
  if (is_new) {
    entry->second = intern(sets_[a].united(sets_[b]));
  }
  return entry->second;
}

ConnectionId ConnectionTable::intersected(ConnectionId a, ConnectionId b) {
  if (a == b || b == kAll || a == kNone) {
    return a;
  }
  if (a == kAll || b == kNone) {
    return b;
  }
  const auto [entry, is_new] = intersections_.try_emplace(key_of(a, b), kNone);
  if (is_new) {
    entry->second = intern(sets_[a].intersected(sets_[b]));
  }
  return entry->second;
}

}  // namespace nettest
