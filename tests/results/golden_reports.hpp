// The reports whose outputs are kept as golden files. Pure.
#pragma once

#include <string>
#include <vector>

#include "results/report.hpp"
#include "results/simulation.hpp"

namespace nettest::test {

struct GoldenCase {
  std::string name;
  Report (*report)();
  /// File names under tests/golden/results/NAME; each names its renderer.
  std::vector<std::string> outputs;
};

std::vector<GoldenCase> golden_cases();

/// The step's predictions alone, as `simulate` would have them.
Simulation simulation_of(const Report& report);

}  // namespace nettest::test
