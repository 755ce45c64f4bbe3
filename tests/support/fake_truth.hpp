// A second, brute-force reading of the NetworkPolicy documentation, for the fake
// engine. Shares no code with the simulator. Pure.
#pragma once

#include <optional>

#include "probes/probe.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What the fake cluster can be told to get wrong.
struct FakeEnforcement {
  bool ingress = true;
  bool egress = true;
};

/// What a correct cluster answers to a probe: connected, refused (nobody
/// serves), timed out (a policy drops), name not resolved.
enum class Truth { open, closed_port, dropped, no_name, no_such_pod };

/// `backend` is set to the pod that answers where one does.
struct TruthAnswer {
  Truth truth = Truth::open;
  std::optional<PodId> backend;
};

TruthAnswer truth_of(const ClusterState& state,
                     const AddressBook& addresses,
                     const Probe& probe,
                     FakeEnforcement enforcement = {});

}  // namespace nettest
