// Waits for what the kernel does behind our back after links and addresses were set up.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/ip.hpp"
#include "harness/local/netlink.hpp"

namespace nettest {

/// A link that must carry packets or, with an address, an IPv6 address that must be usable. Nothing
/// may be queued on the socket, which is of the link's namespace.
struct Awaited {
  Netlink* netlink = nullptr;
  int index = 0;
  std::optional<IpAddress> address = {};
};

/// Waits until all are ready. The end of a veth pair that was up first drops everything until the
/// kernel's link watch has run (kernels from 6.8 on run it when they are asked); an IPv6 address is
/// tentative until a worker has run, also without DAD. Both take well under a millisecond on an
/// idle machine.
Result<void> wait_until_ready(std::vector<Awaited> awaited);

}  // namespace nettest
