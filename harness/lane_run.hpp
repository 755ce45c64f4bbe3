// The work of one lane on a suite: deploys when the first case comes, runs the cases that it is
// given, removes. A shell over the Engine and Clock seams.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/case_run.hpp"
#include "harness/lane.hpp"
#include "harness/runner.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

class LaneRun {
 public:
  /// All of them outlive it.
  LaneRun(const Suite& suite,
          Engine& engine,
          Clock& clock,
          const RunOptions& options,
          const RunObserver& observer);

  /// Runs a case, or says in its steps why it can't. `progress` has the case's place in the run.
  CaseResult run(const ChosenCase& chosen, Progress progress);

  /// True when no further case can be run: the world can't be made, or enforces nothing.
  [[nodiscard]] bool hopeless() const { return !why_not_.empty(); }

  /// Brings the world as it was after that step; false when that fails.
  bool stand_as_in(const Case& value, std::size_t step_index);

  void remove(Progress progress);

  /// What happened outside of the cases, so far.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void begin(Progress progress);
  void warn_of_given_addresses();
  void note_error(const Error& error);

  const Suite& suite_;
  Clock& clock_;
  const RunOptions& options_;
  const RunObserver& observer_;
  Lane lane_;
  LaneMemory memory_;
  bool begun_ = false;
  std::string why_not_;
  std::optional<Error> error_;
  std::vector<std::string> warnings_;
};

}  // namespace nettest
