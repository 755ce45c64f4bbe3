// Sockets as the agent uses them, and what their errors mean. Edge (OS).
#pragma once

#include <string>
#include <sys/socket.h>

#include "base/ip.hpp"
#include "probes/attempt.hpp"
#include "suites/network_policy.hpp"

namespace nettest::agent {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const;
};

SocketAddress socket_address(const IpAddress& address, Port port);

/// A non-blocking, close-on-exec socket, or -1 with errno. `type` is SOCK_STREAM or SOCK_DGRAM.
int open_socket(int domain, int type);

void set_option(int descriptor, int level, int name, int value);

/// Opens a socket that is bound to `port` on every address of both families (of IPv4 alone, where
/// the kernel has no IPv6), or -1 with errno.
int open_bound(int type, Port port);

/// What an errno of connect, send or receive says about the path. Lack of local resources says
/// nothing: `unusable`.
Signal signal_of_errno(int error_number);
/// True for EMFILE and its like: a later try may succeed.
bool is_exhaustion(int error_number);
std::string text_of_errno(int error_number);

/// Binds a datagram socket to the next source port in turn, so that no port is used again before
/// all others were (an old conntrack entry would let it through). False, with errno.
bool bind_next_source_port(int descriptor, IpFamily family);

/// Raises the limit of open descriptors as far as allowed and returns it.
std::size_t raise_descriptor_limit();

}  // namespace nettest::agent
