// The parts of a case: its paths, a step begun, a step judged.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/controls.hpp"
#include "harness/engine.hpp"
#include "harness/lane.hpp"
#include "harness/plan.hpp"
#include "harness/settle.hpp"
#include "results/comparison.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// A step whose changes are in: what is asked, and what was planned. A probe that
/// the engine can't ask has no inquiry.
struct RanStep {
  std::vector<PlannedProbe> planned;
  /// Those of the fence come last.
  std::vector<Inquiry> inquiries;
  std::size_t fence_inquiries = 0;
  /// For each planned probe, with a fence: whether the changes turned its verdict.
  std::vector<bool> turned;
  /// Set when the fence did not turn everywhere: what is as predicted, and was so
  /// before the changes too, may just not know of them yet.
  std::string not_caught_up;
  TimePoint changed;
};

/// Why the engine can't ask this probe ("SCTP is not supported by this engine"),
/// or an empty text.
std::string unsupported(const Probe& probe, const Capabilities& capabilities);

/// Why the case can't be run where the engine is ("it needs two nodes, and there is one"), or an
/// empty text.
std::string unmet_need(const Case& value, const Capabilities& capabilities);

/// Every path that a step of the case asks for and that the engine supports, each
/// once, in the order of the steps.
Result<std::vector<Probe>> paths_of_case(const Suite& suite, const Case& value, const Lane& lane);

/// Makes the changes of a step and works out what to ask. `before` tells which
/// probes can't be judged, so that nobody waits for them.
Result<RanStep> start_step(const Suite& suite,
                           const Step& step,
                           Lane& lane,
                           const ControlBook& before);

/// Says which nodes do not show that the fence has been turned; empty when all do.
std::string fence_trouble(const RanStep& step, const Lane& lane);

/// The paths that need the control after the policies are gone: all that were
/// predicted blocked, and those that were found blocked.
std::vector<Probe> paths_to_control(const std::vector<RanStep>& steps);

/// Puts prediction, attempts and controls together, in planned order.
std::vector<Comparison> judge_step(RanStep step,
                                   const ControlBook& before,
                                   const ControlBook& after,
                                   const Engine& engine);

}  // namespace nettest
