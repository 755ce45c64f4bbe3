// What `nettest simulate` shows: the predictions of every step, nothing observed. Pure.
#pragma once

#include <string>
#include <vector>

#include "probes/prediction.hpp"
#include "probes/probe.hpp"
#include "results/outputs.hpp"

namespace nettest {

/// A probe, what the simulator says of it, and the author's expectation as written (or empty).
struct SimulatedProbe {
  Probe probe;
  Prediction prediction;
  std::string expectation;
};

struct SimulatedStep {
  std::string name;
  std::string description;
  /// What is done, in words, in order.
  std::vector<std::string> changes;
  std::vector<SimulatedProbe> probes;
};

struct SimulatedCase {
  std::string name;
  std::vector<SimulatedStep> steps;
};

struct Simulation {
  std::string suite;
  std::vector<SimulatedCase> cases;
};

/// The predicted matrix of one step, with its heading.
std::string render_simulated_step(const SimulatedStep& step, const TextStyle& style);

/// Legend, then every case and step.
std::string render_simulation(const Simulation& simulation, const TextStyle& style);

/// The stable format of design section 12, "nettest.simulate/v1"; one probe per line.
std::string render_simulation_json(const Simulation& simulation);

}  // namespace nettest
