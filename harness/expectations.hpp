// Holds an author's expectations against the simulator. Pure.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "probes/probe.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// For each probe the expectation that speaks last of it, or null; and what is
/// wrong with the expectations.
struct CheckedExpectations {
  std::vector<const Expectation*> of_probe;
  Errors errors;
};

/// Applies the expectations of a step. An expectation is wrong when it speaks
/// of no probe at all, or when the simulator says otherwise of a probe that it
/// decides; `either` contradicts nothing.
CheckedExpectations check_expectations(const std::vector<Expectation>& expectations,
                                       const std::vector<Probe>& probes,
                                       const Simulator& simulator);

}  // namespace nettest
