// Runs suites against faults and says which they would have caught. A shell over the Engine and
// Clock seams.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/mutation/faultable_engine.hpp"
#include "results/mutation.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// What a mutation run needs.
struct MutationContext {
  /// Makes the engine of a lane (harness/mutation/trial_lanes.hpp).
  std::function<Result<std::unique_ptr<FaultableEngine>>(int lane)> make_engine;
  Clock& clock;
  /// Worlds in which faults are tried side by side. The score is the same with any number.
  int jobs = 1;
  /// Told what is being done with the faults, and with how many of all it is done.
  std::function<void(const std::string& what, std::size_t done, std::size_t all)> on_progress =
      [](const std::string&, std::size_t, std::size_t) {};
};

/// Decides every fault: suite by suite, until one of them kills it. Errors of the engine, and an
/// interrupt, leave the rest unclear and are in the report's reasons.
Checked<MutationReport> mutate(const std::vector<Suite>& suites,
                               const std::vector<const Fault*>& faults,
                               const MutationContext& context);

}  // namespace nettest
