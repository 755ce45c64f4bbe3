// Runs suites on an engine: baseline, steps, settle, confirm, controls, report.
// A shell over the Engine and Clock seams.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "harness/engine.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

struct RunOptions {
  /// How long a step may take to become as predicted.
  Duration settle = std::chrono::seconds(10);
  /// Time-out of a probe in the first round, and of repeated probes. The wget
  /// client never gets less than `wget_timeout`.
  Duration first_timeout = std::chrono::milliseconds(250);
  Duration repeat_timeout = std::chrono::seconds(1);
  Duration wget_timeout = std::chrono::seconds(1);
  Duration deploy_timeout = std::chrono::minutes(2);
  /// Globs of case names; empty: all.
  std::vector<std::string> cases;
};

/// What the runner tells while it works; all calls from the runner's thread.
struct RunObserver {
  std::function<void(const std::string& phase)> on_phase = [](const std::string&) {};
  std::function<void(const CaseResult&, const StepResult&)> on_step = [](const CaseResult&,
                                                                         const StepResult&) {};
};

/// Runs one suite on one engine; the engine is deployed and removed by it (kept
/// when `keep`). Never throws; errors are in the result.
SuiteResult run_suite(const Suite& suite,
                      Engine& engine,
                      Clock& clock,
                      const RunOptions& options,
                      const RunObserver& observer);

}  // namespace nettest
