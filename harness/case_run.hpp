// Runs one case on a lane: bare world, baseline, steps, after-control, judgement.
// A shell over the Engine and Clock seams.
#pragma once

#include "base/clock.hpp"
#include "harness/controls.hpp"
#include "harness/lane.hpp"
#include "harness/runner.hpp"
#include "harness/settle.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// What a lane learns from case to case: controls of its present world, and how
/// fast its probes are answered.
struct LaneMemory {
  ControlBook controls;
  int generation = 0;
  RoundTripTimes round_trips;
};

/// All that a case needs beside itself; everything outlives the run.
struct CaseContext {
  const Suite& suite;
  Lane& lane;
  Clock& clock;
  const RunOptions& options;
  LaneMemory& memory;
  const RunObserver& observer;
  /// Suite, case and the number of it are filled.
  Progress progress;
};

/// The result of a case none of whose steps was started.
CaseResult skipped_case(const Case& value, const std::string& why);

/// Runs the case to its end, or until an engine error or an interrupt; the steps
/// that were not started say why.
CaseResult run_case(const CaseContext& context, const Case& value);

}  // namespace nettest
