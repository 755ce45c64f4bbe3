// Many calls of the API at once. A shell over ApiClient; threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/kubernetes/cluster.hpp"

namespace nettest {

/// Makes all calls, a few at a time, each with a client of its thread. Returns the first error in
/// the order of the calls; the others are made all the same.
Result<void> call_all(const Cluster& cluster,
                      const std::vector<std::function<Result<void>(ApiClient&)>>& calls,
                      OnInterrupt on_interrupt = OnInterrupt::stop);

}  // namespace nettest
