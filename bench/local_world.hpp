// What benchmarks on real packets share: their world, and the way into a private one.
#pragma once

#include "suites/world.hpp"

namespace nettest {

/// Makes namespaces x, y, z with pods p0, p1, … in turn, each labelled `pod: NAME` and serving 80
/// and 81 on TCP and UDP: 324 probes between nine pods.
World pod_grid(int pods);

/// Runs the registered benchmarks in a private world; the exit code for main.
int run_benchmarks(int argc, char** argv);

}  // namespace nettest
