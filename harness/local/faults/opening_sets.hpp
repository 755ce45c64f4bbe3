// Openings as sets: what two of them have in common. Pure.
#pragma once

#include <vector>

#include "harness/local/policy_gates.hpp"

namespace nettest {

/// What both gates let through.
Gate common(const Gate& a, const Gate& b);

/// Sorted, and what overlaps or touches made one, as sets of intervals need it.
std::vector<GatePorts> merged_ports(std::vector<GatePorts> ports);

}  // namespace nettest
