// Carries out trials in several worlds at once, or in one. A shell over lane processes.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/mutation/trials.hpp"

namespace nettest {

/// What trials are made with.
struct TrialPlan {
  const Suite& suite;
  const Rehearsal& rehearsal;
  const std::vector<Trial>& trials;
  /// Worlds side by side, at least one; no more are made than there is work for.
  int jobs = 1;
  /// Makes the engine of a lane, which counts from 1 and is a process of its own; 0 is the only
  /// one, in this process.
  std::function<Result<std::unique_ptr<FaultableEngine>>(int lane)> make_engine;
  Clock& clock;
};

/// Carries out all trials; `done` is told of each as it ends, with its index, in any order. A world
/// that fails costs the trials that it was at: they are unclear, with the reason. What is left when
/// an interrupt comes, or when no world is left, is told of nothing; the error says why. No world
/// is left at the end. Call before any thread exists.
Result<void> run_trials(const TrialPlan& plan,
                        const std::function<void(std::size_t index, const TrialEnd&)>& done);

}  // namespace nettest
