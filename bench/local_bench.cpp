// The local engine: set-up of worlds, changes of policy, rounds of probes.
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "bench/local_world.hpp"
#include "harness/local/local_engine.hpp"

namespace nettest {
namespace {

TimePoint soon() {
  return std::chrono::steady_clock::now() + std::chrono::minutes(1);
}

template <typename T>
void check(const Result<T>& result) {
  if (!result) {
    std::cerr << to_string(result.error()) << "\n";
    std::exit(1);
  }
}

/// Every ordered pair x ports x TCP and UDP: 324 probes for nine pods.
std::vector<Question> round_of(const World& world, Duration timeout) {
  std::vector<Question> questions;
  for (const Pod& from : world.pods) {
    for (const Pod& to : world.pods) {
      for (const ContainerPort& port : to.ports) {
        Probe probe;
        probe.from = from.id;
        probe.to = to.id;
        probe.port = port.port;
        probe.protocol = port.protocol;
        questions.push_back({probe, timeout});
      }
    }
  }
  return questions;
}

/// Port 81 of every pod is closed to everybody: half of the matrix.
std::vector<Change> block_half() {
  std::vector<Change> changes;
  for (const char* name : {"x", "y", "z"}) {
    NetworkPolicy policy;
    policy.id = {name, "only-80"};
    policy.ingress.push_back(
        {{}, {{Protocol::tcp, Port{80}, {}, {}}, {Protocol::udp, Port{80}, {}, {}}}, {}});
    changes.push_back({ApplyPolicy{policy}, {}});
  }
  return changes;
}

void deploy(benchmark::State& state) {
  const World world = pod_grid(static_cast<int>(state.range(0)));
  for ([[maybe_unused]] auto iteration : state) {
    LocalEngine engine;
    check(engine.deploy(world, soon()));
    state.PauseTiming();
    check(engine.remove(soon()));
    state.ResumeTiming();
  }
}
BENCHMARK(deploy)
    ->Arg(9)
    ->Arg(12)
    ->Arg(100)
    ->Arg(300)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void apply_policies(benchmark::State& state) {
  LocalEngine engine;
  check(engine.deploy(pod_grid(static_cast<int>(state.range(0))), soon()));
  for ([[maybe_unused]] auto iteration : state) {
    check(engine.apply(block_half(), soon()));
  }
}
BENCHMARK(apply_policies)->Arg(9)->Arg(100)->Arg(300)->Unit(benchmark::kMillisecond)->UseRealTime();

void probe_round(benchmark::State& state) {
  LocalEngine engine;
  const World world = pod_grid(9);
  check(engine.deploy(world, soon()));
  if (state.range(0) != 0) {
    check(engine.apply(block_half(), soon()));
  }
  const auto questions = round_of(world, std::chrono::milliseconds(250));
  std::size_t blocked = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const auto attempts = engine.probe(questions);
    check(attempts);
    blocked = 0;
    for (const Attempt& attempt : *attempts) {
      blocked += observed(attempt.signal) == Observed::blocked ? 1U : 0U;
    }
  }
  state.counters["probes"] = static_cast<double>(questions.size());
  state.counters["blocked"] = static_cast<double>(blocked);
}
BENCHMARK(probe_round)
    ->ArgName("half_blocked")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace nettest

int main(int argc, char** argv) {
  return nettest::run_benchmarks(argc, argv);
}
