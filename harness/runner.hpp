// Runs suites on an engine: baseline, steps, settle, confirm, controls, report.
// A shell over the Engine and Clock seams.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "harness/engine.hpp"
#include "harness/settle.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

struct RunOptions {
  Patience patience;
  /// A synchronous engine enforces before apply() returns, so nothing is gained
  /// by waiting longer than this for a step to become as predicted.
  Duration settle_synchronous = std::chrono::seconds(1);
  Duration deploy_timeout = std::chrono::minutes(2);
  Duration change_timeout = std::chrono::minutes(1);
  Duration remove_timeout = std::chrono::minutes(2);
  /// Globs of case names; empty: all.
  std::vector<std::string> cases;
  /// Leaves the world standing at the end, in the state of the step that is most
  /// worth looking at; the caller removes it. An interrupted run is removed.
  bool keep = false;
};

/// Where a run is.
struct Progress {
  std::string suite;
  std::string case_name;
  /// Both count from 1; 0 before the first.
  std::size_t case_number = 0;
  std::size_t case_count = 0;
  std::string step_name;
  std::size_t step_number = 0;
  std::size_t step_count = 0;
  /// What is being done: "deploy", "baseline", "change", "probe", "control", "remove".
  std::string phase;
  std::size_t probes = 0;
  /// Rounds asked so far in this phase, and probes not yet as predicted.
  int round = 0;
  std::size_t waiting = 0;
};

/// What the runner tells while it works; all calls from the runner's thread.
struct RunObserver {
  std::function<void(const Progress&)> on_progress = [](const Progress&) {};
  /// A step is judged; called in order, when its case has ended.
  std::function<void(const CaseResult&, const StepResult&)> on_step = [](const CaseResult&,
                                                                         const StepResult&) {};
  /// The world stands as after that step (only with `keep`).
  std::function<void(const CaseResult&, const StepResult&)> on_kept = [](const CaseResult&,
                                                                         const StepResult&) {};
};

/// Says whether a case was chosen by the globs; no glob chooses every case.
bool is_selected(const Case& value, const std::vector<std::string>& globs);

/// Runs one suite on one engine, which is deployed and removed by it. Never
/// throws; errors are in the result, and the steps that they kept from running
/// are there with the reason.
SuiteResult run_suite(const Suite& suite,
                      Engine& engine,
                      Clock& clock,
                      const RunOptions& options,
                      const RunObserver& observer);

}  // namespace nettest
