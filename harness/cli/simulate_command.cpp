#include <algorithm>
#include <iostream>
#include <utility>

#include "harness/cli/commands.hpp"
#include "harness/cli/simulate_manifests.hpp"
#include "harness/cli/suite_source.hpp"
#include "harness/plan.hpp"
#include "harness/runner.hpp"
#include "results/simulation.hpp"

namespace nettest {

namespace {

SimulatedStep simulated(const PlannedStep& planned) {
  SimulatedStep step;
  step.name = planned.step->name;
  step.description = planned.step->description;
  for (const auto& change : planned.step->changes) {
    step.changes.push_back(describe(change));
  }
  for (const auto& probe : planned.probes) {
    step.probes.push_back({probe.probe, probe.prediction, probe.expectation});
  }
  return step;
}

Checked<Simulation> simulated(const Suite& suite, const std::vector<std::string>& globs) {
  Simulation simulation;
  simulation.suite = suite.name;
  const Case* last = nullptr;
  auto planned = plan_each(suite, [&](const Case& value, const PlannedStep& step) {
    if (!is_selected(value, globs)) {
      return;
    }
    if (&value != last) {
      simulation.cases.push_back({value.name, {}});
      last = &value;
    }
    simulation.cases.back().steps.push_back(simulated(step));
  });
  if (!planned) {
    return tl::unexpected(planned.error());
  }
  return simulation;
}

// What goes wrong is added to `errors`.
std::vector<Simulation> simulate_all(const std::vector<Suite>& suites,
                                     const std::vector<std::string>& globs,
                                     Errors& errors) {
  std::vector<Simulation> simulations;
  for (const auto& suite : suites) {
    auto simulation = simulated(suite, globs);
    if (simulation) {
      simulations.push_back(std::move(*simulation));
    } else {
      errors.insert(errors.end(), simulation.error().begin(), simulation.error().end());
    }
  }
  return simulations;
}

int simulate_manifests_command(const CommandLine& line, Console& console) {
  StaticIo io{std::cin,
              [&console](std::string_view text) { console.out.write(text); },
              [&console](std::string_view text) { console.err.write(text); }};
  if (!line.cases.empty()) {
    return complain_about({{ErrorKind::usage, "--case: manifests have no cases", {}}}, console);
  }
  if (!line.selection.empty()) {
    return complain_about(
        {{ErrorKind::usage, "--tag, --exclude and --like: manifests have no cases", {}}}, console);
  }
  StaticInput input;
  input.paths = line.operands;
  input.skip_invalid = line.skip_invalid;
  input.ignored_kinds = line.ignored_kinds;
  input.quiet = line.loudness == Loudness::quiet;
  const auto simulated = simulate_manifests(input, io);
  if (!simulated) {
    return kExitUsage;
  }
  console.out.write(line.output == "json"
                        ? render_simulation_json(simulated->simulation)
                        : render_simulation(simulated->simulation, console.style_of(console.out)));
  return simulated->code;
}

}  // namespace

int simulate_command(const CommandLine& line, Console& console) {
  const auto manifests = std::count_if(line.operands.begin(), line.operands.end(), names_manifests);
  if (manifests != 0 && manifests == std::ssize(line.operands)) {
    return simulate_manifests_command(line, console);
  }
  if (manifests != 0) {
    return complain_about(
        {{ErrorKind::usage, "simulate suites or manifests, not both at once", {}}}, console);
  }
  const auto suites = load_suites(line.operands, line.selection);
  if (!suites) {
    return complain_about(suites.error(), console);
  }
  Errors errors = check_case_globs(line.cases, *suites);
  if (line.output == "json" && suites->size() > 1) {
    errors.push_back(
        {ErrorKind::usage, "-o json prints one document: give it one suite at a time", {}});
  }
  const auto simulations = simulate_all(*suites, line.cases, errors);
  if (!errors.empty()) {
    return complain_about(errors, console);
  }
  const TextStyle style = console.style_of(console.out);
  for (std::size_t i = 0; i < simulations.size(); ++i) {
    for (const auto& warning : (*suites)[i].warnings) {
      console.complain("warning: " + to_string(warning));
    }
    console.out.write(line.output == "json" ? render_simulation_json(simulations[i])
                                            : render_simulation(simulations[i], style));
  }
  return 0;
}

}  // namespace nettest
