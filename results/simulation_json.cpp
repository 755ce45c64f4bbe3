#include "results/probe_json.hpp"
#include "results/simulation.hpp"

namespace nettest {

namespace {

std::string lines(const std::vector<std::string>& items, std::string_view indent) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += std::string(indent) + items[i] + (i + 1 < items.size() ? ",\n" : "\n");
  }
  return text;
}

std::string step_json(const SimulatedStep& step) {
  std::vector<std::string> probes;
  probes.reserve(step.probes.size());
  for (const auto& [probe, prediction, expectation] : step.probes) {
    Json json = to_json(probe, prediction);
    if (!expectation.empty()) {
      json["expectation"] = expectation;
    }
    probes.push_back(line_of(json));
  }
  return "{\"step\": " + line_of(step.name) + ", \"probes\": [\n" + lines(probes, "   ") + "  ]}";
}

std::string case_json(const SimulatedCase& part) {
  std::vector<std::string> steps;
  steps.reserve(part.steps.size());
  for (const auto& step : part.steps) {
    steps.push_back(step_json(step));
  }
  return "{\"case\": " + line_of(part.name) + ", \"steps\": [\n" + lines(steps, "  ") + " ]}";
}

}  // namespace

std::string render_simulation_json(const Simulation& simulation) {
  std::vector<std::string> cases;
  cases.reserve(simulation.cases.size());
  for (const auto& part : simulation.cases) {
    cases.push_back(case_json(part));
  }
  return "{\"format\": \"nettest.simulate/v1\", \"suite\": " + line_of(simulation.suite) +
         ", \"cases\": [\n" + lines(cases, " ") + "]}\n";
}

}  // namespace nettest
