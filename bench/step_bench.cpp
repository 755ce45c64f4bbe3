// A whole step as the runner does it, held against what it can't be faster than: the probes of its
// rounds and one time-out.
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "bench/local_world.hpp"
#include "harness/local/local_engine.hpp"
#include "harness/runner.hpp"
#include "harness/system_clock.hpp"

namespace nettest {
namespace {

constexpr int kCases = 10;

/// Cases of one step; denied ones shut x/p0, so that some probes run into their time-out.
Suite suite_of(bool denied) {
  Suite suite;
  suite.name = "bench";
  suite.world = pod_grid(9);
  for (int i = 0; i < kCases; ++i) {
    Step step;
    step.name = "step";
    NetworkPolicy policy;
    policy.id = {"x", "policy-" + std::to_string(i)};
    policy.pod_selector.match_labels = {{"pod", "p0"}};
    if (!denied) {
      policy.ingress.emplace_back();
    }
    step.changes.push_back({ApplyPolicy{policy}, {}});
    Case value;
    value.name = "case " + std::to_string(i);
    value.steps.push_back(std::move(step));
    suite.cases.push_back(std::move(value));
  }
  return suite;
}

double seconds_of(const Suite& suite, std::size_t& probes) {
  LocalEngine engine;
  SystemClock clock;
  const auto result = run_suite(suite, engine, clock, {}, {});
  const Counts counts = count(result);
  if (result.error || counts.matched != counts.probes) {
    std::cerr << "a step of the benchmark does not match\n";
    std::exit(1);
  }
  probes = counts.probes / kCases;
  Duration took{};
  for (const auto& part : result.cases) {
    took += part.took;
  }
  return std::chrono::duration<double>(took).count() / kCases;
}

/// `ms_per_step` beside `floor_ms`: the same step without anything denied, and one time-out.
void step(benchmark::State& state) {
  std::size_t probes = 0;
  double denied = 0;
  double open = 0;
  for ([[maybe_unused]] auto iteration : state) {
    open = seconds_of(suite_of(false), probes);
    denied = seconds_of(suite_of(true), probes);
  }
  constexpr double kMs = 1000;
  const double timeout = std::chrono::duration<double>(Patience{}.first_timeout).count();
  state.counters["probes"] = static_cast<double>(probes);
  state.counters["open_ms"] = open * kMs;
  state.counters["ms_per_step"] = denied * kMs;
  state.counters["floor_ms"] = (open + timeout) * kMs;
  state.counters["of_floor"] = denied / (open + timeout);
}
BENCHMARK(step)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

}  // namespace
}  // namespace nettest

int main(int argc, char** argv) {
  return nettest::run_benchmarks(argc, argv);
}
