// Every probe that a world makes possible. Pure.
#pragma once

#include <vector>

#include "probes/probe.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Every ordered pair of pods, and every pod to every service, on each port that is served over TCP
/// and UDP, in both families.
std::vector<Probe> all_probes(const World& world);

}  // namespace nettest
