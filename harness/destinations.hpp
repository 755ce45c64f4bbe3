// Where a client in a pod is sent: the host and the URL of a probe, as every engine writes them.
// Pure.
#pragma once

#include <string>

#include "base/error.hpp"
#include "probes/probe.hpp"
#include "suites/world.hpp"

namespace nettest {

/// The host that a client in a pod is given: an address of the probe's family, or the name. Fails
/// when the destination has no such address.
Result<std::string> destination_host(const Probe& probe, const AddressBook& addresses);

/// "http://HOST[:PORT]/", with brackets around an IPv6 address.
std::string http_url(const std::string& host, Port port);

}  // namespace nettest
