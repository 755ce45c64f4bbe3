#include "bench/local_world.hpp"

#include <benchmark/benchmark.h>
#include <iostream>
#include <string>

#include "harness/local/private_world.hpp"

namespace nettest {

namespace {

constexpr int kCannotWork = 3;

}  // namespace

World pod_grid(int pods) {
  World world;
  for (const char* name : {"x", "y", "z"}) {
    world.namespaces.push_back(
        {name, {{"ns", name}, {"kubernetes.io/metadata.name", name}}, false, {}});
  }
  for (int i = 0; i < pods; ++i) {
    Pod pod;
    pod.id = {world.namespaces[static_cast<std::size_t>(i % 3)].name, "p" + std::to_string(i / 3)};
    pod.labels = {{"pod", pod.id.name}};
    for (const Port port : {Port{80}, Port{81}}) {
      pod.ports.push_back({"", port, Protocol::tcp, Serve::plain});
      pod.ports.push_back({"", port, Protocol::udp, Serve::plain});
    }
    world.pods.push_back(std::move(pod));
  }
  return world;
}

int run_benchmarks(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const auto result = run_in_private_world([] {
    benchmark::RunSpecifiedBenchmarks();
    return 0;
  });
  if (!result) {
    std::cerr << to_string(result.error()) << "\n";
    return kCannotWork;
  }
  return *result;
}

}  // namespace nettest
