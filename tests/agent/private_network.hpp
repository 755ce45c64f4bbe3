// A network of the test's own: no address of the machine is used, ports below 1024 are free.
#pragma once

#include <string>

namespace nettest {

/// Enters a user and network namespace of our own with loopback up, and in it:
///   10.9.0.2    swallows every packet (time-outs)
///   10.9.1.0/24 unreachable, 10.9.2.0/24 prohibited by the routing table
/// Returns why that is not possible, or nothing. Before any thread.
std::string enter_private_network();

/// Why there is none (for GTEST_SKIP), or nothing.
const std::string& why_no_private_network();

/// Writes a resolv.conf that only this test binary and its children see.
void set_resolv_conf(const std::string& text);

}  // namespace nettest
