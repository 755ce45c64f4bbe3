// Runs suites on an engine: baseline, steps, settle, confirm, controls, report.
// A shell over the Engine and Clock seams.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "harness/engine.hpp"
#include "harness/settle.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// One part of a run that is divided over several jobs; both count from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

struct RunOptions {
  Patience patience;
  /// A synchronous engine enforces before apply() returns, so nothing is gained
  /// by waiting longer than this for a step to become as predicted.
  Duration settle_synchronous = std::chrono::seconds(1);
  Duration deploy_timeout = std::chrono::minutes(5);
  Duration change_timeout = std::chrono::minutes(1);
  Duration remove_timeout = std::chrono::minutes(2);
  /// Globs of case names; empty: all.
  std::vector<std::string> cases;
  /// Only the cases of this shard.
  std::optional<Shard> shard;
  /// Suite and number of cases that have been run already.
  std::set<std::pair<std::string, std::size_t>> done;
  /// Has the last word on the result of a case, before anybody is told of it.
  std::function<void(CaseResult&)> finish_case = [](CaseResult&) {};
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
  /// Cases that have ended, and mismatches in them.
  std::size_t finished = 0;
  std::size_t mismatches = 0;
  std::size_t probes = 0;
  /// Rounds asked so far in this phase, and probes not yet as predicted.
  int round = 0;
  std::size_t waiting = 0;
};

/// A case to run, and its place among the chosen ones of its suite (CaseResult::number).
struct ChosenCase {
  const Case* value = nullptr;
  std::size_t number = 0;
};

/// What a lane has to say beside its cases.
struct LaneEnd {
  std::optional<Error> error;
  std::vector<std::string> warnings;
};

/// What the runner tells while it works; all calls from the runner's thread.
struct RunObserver {
  std::function<void(const Progress&)> on_progress = [](const Progress&) {};
  /// A step is judged; called in order, when its case has ended.
  std::function<void(const CaseResult&, const StepResult&)> on_step = [](const CaseResult&,
                                                                         const StepResult&) {};
  /// A case has ended; in several lanes, in the order of the ends.
  std::function<void(const CaseResult&)> on_case = [](const CaseResult&) {};
  /// The world stands as after that step (only with `keep`).
  std::function<void(const CaseResult&, const StepResult&)> on_kept = [](const CaseResult&,
                                                                         const StepResult&) {};
};

/// Says whether a case was chosen by the globs; no glob chooses every case.
bool is_selected(const Case& value, const std::vector<std::string>& globs);

/// Says whether the shard has the case: by a hash of its name, so that other cases
/// may come and go.
bool is_of_shard(const std::string& case_name, const Shard& shard);

/// The cases that are to be run, in the order of the suite.
std::vector<ChosenCase> choose_cases(const Suite& suite, const RunOptions& options);

/// The result of a suite none of whose cases has run yet.
SuiteResult begun_result(const Suite& suite, const RunOptions& options);

/// Adds what a lane says: its error is the suite's if that has none, else a
/// warning; no warning twice.
void add_lane(SuiteResult& result, const LaneEnd& end);

/// Runs one suite on one engine, which is deployed and removed by it. Never
/// throws; errors are in the result, and the steps that they kept from running
/// are there with the reason.
SuiteResult run_suite(const Suite& suite,
                      Engine& engine,
                      Clock& clock,
                      const RunOptions& options,
                      const RunObserver& observer);

}  // namespace nettest
