// The name of a pod's interface on its node, by which rules and wires find each other. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/ip.hpp"

namespace nettest {

/// Made from the pod's IPv4 address: "pod0af40102".
std::string interface_name(const std::vector<IpAddress>& pod_addresses);

}  // namespace nettest
