// Works out what a suite expects, step by step, before anything is deployed. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// The suite with every step's state, probes and predictions worked out for
/// given addresses; nothing is deployed.
struct PlannedProbe {
  Probe probe;
  Prediction prediction;
  std::string expectation;
};
struct PlannedStep {
  const Step* step = nullptr;
  /// Changes with their placeholders resolved.
  std::vector<Change> changes;
  ClusterState state;
  std::vector<PlannedProbe> probes;
};

/// Works out one step. `state` is the state before; fails on changes that are
/// not possible, probes that do not fit, and on written expectations that
/// contradict the simulator (each error shows both sides and the because; kind
/// suite, exit 2).
Checked<PlannedStep> plan_step(const Suite& suite,
                               const Step& step,
                               const ClusterState& before,
                               const AddressBook& addresses);

/// Plans the whole suite with the addresses of assign_local_addresses: what
/// `simulate` prints, and what `run` checks before it deploys. Outer index:
/// case.
Checked<std::vector<std::vector<PlannedStep>>> plan_suite(const Suite& suite);

}  // namespace nettest
