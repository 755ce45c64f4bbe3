// The rtnetlink messages that wire pods and nodes. Each function queues on the socket's namespace.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ip.hpp"
#include "harness/local/netlink.hpp"

namespace nettest {

using Mac = std::array<std::uint8_t, 6>;

/// One end of a veth pair. We choose the index, so that nothing has to be looked up.
struct VethEnd {
  int index = 0;
  std::string name;
  Mac mac{};
  /// The network namespace that it is born in; -1: the socket's own.
  int network = -1;
};

struct Route {
  Cidr to;
  int index = 0;
  std::optional<IpAddress> via;
};

void add_veth(Netlink& netlink, const VethEnd& here, const VethEnd& there);
/// Turns off IPv6 link-local addresses, and so DAD; before set_up. Only where IPv6 exists.
void set_no_link_local(Netlink& netlink, int index);
/// Sets a link up, with IPv4 forwarding on it when `forward` (needs no writable /proc/sys).
void set_up(Netlink& netlink, int index, bool forward);
void add_address(Netlink& netlink, int index, const IpAddress& address);
void add_route(Netlink& netlink, const Route& route);
void delete_route(Netlink& netlink, const Cidr& to);
/// Adds a permanent neighbour, so that no ARP or ND is ever needed.
void add_neighbour(Netlink& netlink, int index, const IpAddress& address, const Mac& mac);
void delete_link(Netlink& netlink, int index);

}  // namespace nettest
