// Runs the cases of a suite in several lanes at once. A shell over lane processes.
#pragma once

#include <functional>
#include <memory>

#include "base/error.hpp"
#include "harness/engine.hpp"
#include "harness/runner.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// What lanes are made of.
struct LanePlan {
  /// At least one; no more are started than there are cases.
  int lanes = 1;
  /// Makes the engine of a lane, which counts from 1. Called in the lane's own process.
  std::function<Result<std::unique_ptr<Engine>>(int lane)> make_engine;
  /// Told what the engine of a lane can do, when the lane has ended.
  std::function<void(const Capabilities&)> on_capabilities = [](const Capabilities&) {};
};

/// Runs one suite in lanes: processes that deploy a world each, are given the next case whenever
/// they have ended one, and remove their world. The result is that of run_suite: cases in the
/// order of the suite. A lane that dies costs the case that it was at; an interrupt ends all of
/// them. Call before any thread exists.
SuiteResult run_suite_in_lanes(const Suite& suite,
                               const LanePlan& plan,
                               Clock& clock,
                               const RunOptions& options,
                               const RunObserver& observer);

}  // namespace nettest
