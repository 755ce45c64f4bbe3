// One run of suites on an engine, from the first deployment to the last report. Touches files,
// streams and signals.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/cli/command_line.hpp"
#include "harness/cli/engines.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/run_record.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/runner.hpp"
#include "results/report.hpp"
#include "suites/known.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// What a run begins with; all checked. Everything outlives the run.
struct RunInputs {
  const CommandLine& line;
  Console& console;
  EngineFactory& engines;
  const std::vector<Suite>& suites;
  const std::vector<KnownDeviation>& known;
  /// Names of the suites' cases that were not chosen for this run.
  std::vector<std::string> unchosen;
};

/// The facts of the run that are known before it begins.
RunFacts facts_before(const RunInputs& inputs);

/// Everything that happens where the engine lives.
class Running {
 public:
  Running(const RunInputs& inputs, RunFacts facts, RunRecord record);

  /// Runs, reports, and returns the exit code.
  int run();

 private:
  [[nodiscard]] RunOptions options_of_run();
  RunObserver observer();
  void run_suites();
  void complain_at_length(const SuiteResult& result);
  SuiteResult run_one(const Suite& suite);
  void show_step(const CaseResult& result, const StepResult& step);
  void keep(const CaseResult& result);
  void note(const Capabilities& capabilities);
  void judge_known();
  bool finish_report();
  int hold(Engine& engine);

  RunInputs in_;
  RunOptions options_;
  ProgressDisplay display_;
  RunRecord record_;
  bool tables_;
  /// True when steps that are as predicted are not shown.
  bool brief_;
  std::string suite_name_;
  std::string shown_case_;
  std::string kept_;
  std::unique_ptr<Engine> engine_;
  Report report_;
};

}  // namespace nettest
