// Commits faults on a standing world and sees whether the probes that should tell do. A shell over
// the Engine and Clock seams.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/lane.hpp"
#include "harness/mutation/faultable_engine.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "harness/settle.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// One fault, and where it should show.
struct Trial {
  const Fault* fault = nullptr;
  Showing showing;
};

/// How a trial ended.
struct TrialEnd {
  /// Which probe of the showing told: it was answered wrongly, and again when it was asked once
  /// more, while without the fault, in the same state, all were answered as predicted. None: the
  /// fault got through.
  std::optional<std::size_t> cell;
  /// What was seen of it.
  Observed seen = Observed::nothing;
  /// Why nothing can be said, or empty.
  std::string unclear;
};

/// Indices of trials that share what has to be done for them: static faults that show in the same
/// step, or one dynamic fault.
using Errand = std::vector<std::size_t>;
std::vector<Errand> errands_of(const std::vector<Trial>& trials);

/// A world of its own in which errands are carried out, one after the other.
class TrialWorld {
 public:
  /// All of them outlive it.
  TrialWorld(const Suite& suite,
             const Rehearsal& rehearsal,
             const std::vector<Trial>& trials,
             FaultableEngine& faultable,
             Clock& clock);

  /// Returns the ends in the order of the errand. Fails on an error of the engine, or an interrupt.
  Result<std::vector<TrialEnd>> carry_out(const Errand& errand);

  /// Removes the world, without any fault.
  Result<void> remove();

 private:
  [[nodiscard]] std::vector<PlannedProbe> probes_of(const Errand& errand) const;
  Result<std::vector<TrialEnd>> at_one_step(const Errand& errand);
  Result<std::vector<TrialEnd>> from_the_beginning(std::size_t index);
  Result<void> apply_steps(const Showing& showing);
  Result<TrialEnd> look(const Trial& trial);
  Result<std::vector<Observed>> ask(const std::vector<PlannedProbe>& probes, Duration timeout);
  Result<std::string> unfaulted(const std::vector<PlannedProbe>& probes);

  RunOptions options_;
  const Rehearsal& rehearsal_;
  const std::vector<Trial>& trials_;
  FaultableEngine& faultable_;
  Clock& clock_;
  Lane lane_;
  RoundTripTimes round_trips_;
};

}  // namespace nettest
