// Commits faults on a standing world and sees whether the probes that should tell do. A shell over
// the Engine and Clock seams.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/mutation/faultable_engine.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// One fault, and where it should show.
struct Trial {
  const Fault* fault = nullptr;
  Showing showing;
};

/// How a trial ended. Killed: a probe was answered wrongly, and again when it was asked once more;
/// without the fault, in the same state, all probes were answered as predicted.
struct TrialEnd {
  bool killed = false;
  /// The first probe that told, and what was seen of it.
  std::optional<PlannedProbe> cell;
  Observed seen = Observed::nothing;
  /// Why nothing can be said, or empty.
  std::string unclear;
};

/// Carries out trials, grouped by the steps that they need; `done` is told of each as it ends, with
/// its index. Fails on an error of the engine, or an interrupt. The world is removed at the end.
Result<void> run_trials(const Suite& suite,
                        const Rehearsal& rehearsal,
                        const std::vector<Trial>& trials,
                        FaultableEngine& engine,
                        Clock& clock,
                        const std::function<void(std::size_t, const TrialEnd&)>& done);

}  // namespace nettest
