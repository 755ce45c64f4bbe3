// Works out what a suite expects, step by step, before anything is deployed. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// A probe of a step with what the simulator says of it. `expectation` is the
/// author's rule that spoke last of it, as written, or empty.
struct PlannedProbe {
  Probe probe;
  Prediction prediction;
  std::string expectation;
};

/// A step with its changes, the state after them, and its probes, for given
/// addresses.
struct PlannedStep {
  const Step* step = nullptr;
  /// Changes with their placeholders resolved.
  std::vector<Change> changes;
  ClusterState state;
  std::vector<PlannedProbe> probes;
};

/// The probes of a step: its own, else the suite's, else every pair of pods on
/// every served port. What a step's own probes name must exist in `world`, the
/// world after its changes; what the suite's probes name must exist at some
/// time of the suite, and asks nothing while it does not. `addresses` fills
/// placeholders in URLs.
Checked<std::vector<Probe>> probes_of_step(const Suite& suite,
                                           const Step& step,
                                           const World& world,
                                           const AddressBook& addresses);

/// Works out one step. `before` is the state before it; `addresses` know
/// everything that exists after it (and what else its policies speak of). Fails
/// on changes that are not possible, probes that do not fit, expectations that
/// contradict the simulator (each error shows both sides and the because) and
/// expectations that speak of no probe; kind suite, exit 2.
Checked<PlannedStep> plan_step(const Suite& suite,
                               const Step& step,
                               const ClusterState& before,
                               const AddressBook& addresses);

/// Plans the whole suite with the addresses of assign_local_addresses, case by
/// case from the bare world, and hands each step to `visit`, in order. Nothing
/// is kept, so a large suite costs no memory. Fails with the errors of all
/// steps, whose messages name case and step.
Checked<void> plan_each(
    const Suite& suite,
    const std::function<void(const Case& value, const PlannedStep& step)>& visit);

/// The same, kept: what `simulate` prints. Outer index: case.
Checked<std::vector<std::vector<PlannedStep>>> plan_suite(const Suite& suite);

/// Only the errors of plan_suite, at a fraction of its cost: what `run` checks
/// before it deploys.
Checked<void> check_suite(const Suite& suite);

}  // namespace nettest
