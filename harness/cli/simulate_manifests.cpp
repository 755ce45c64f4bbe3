#include "harness/cli/simulate_manifests.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/document.hpp"

namespace nettest {

namespace {

constexpr std::string_view kSuiteGroup = "nettest/";
/// More probes than this are no matrix that a person reads, and would take gigabytes.
constexpr std::uint64_t kMostProbes = 4'000'000;

std::string text_of(const Node& object, std::string_view key) {
  const Node* value = object.is_map() ? object.find(key) : nullptr;
  return value != nullptr && value->is_scalar() ? std::string(value->text) : std::string();
}

bool is_suite(const Node& object) {
  return text_of(object, "kind") == "Suite" ||
         text_of(object, "apiVersion").starts_with(kSuiteGroup);
}

std::uint64_t served_ports(const World& world) {
  std::uint64_t served = 0;
  for (const Pod& pod : world.pods) {
    served += pod.ports.size();
  }
  return served;
}

/// False, and says why, when there is no matrix to be made.
bool can_be_asked(const World& world, StaticIo& io) {
  const std::uint64_t probes = world.pods.size() * served_ports(world);
  if (probes > kMostProbes) {
    complain(io,
             std::to_string(probes) +
                 " probes are too many for matrices; `nettest list` prints what is allowed at any "
                 "size");
    return false;
  }
  const auto silent = std::count_if(
      world.pods.begin(), world.pods.end(), [](const Pod& pod) { return pod.ports.empty(); });
  if (silent != 0) {
    complain(io,
             "warning: " + std::to_string(silent) + " of " + std::to_string(world.pods.size()) +
                 (silent == 1 ? " pods serves" : " pods serve") +
                 " no port (containerPort): nobody is asked to reach them");
  }
  return true;
}

SimulatedStep step_of(const Inventory& inventory, const std::vector<Probe>& probes) {
  SimulatedStep step;
  const std::size_t policies = inventory.state.policies.size();
  step.name = std::to_string(policies) + (policies == 1 ? " policy" : " policies");
  ClusterState state = inventory.state;
  state.world = with_cluster_dns(std::move(state.world));
  const Simulator simulator(state, inventory.addresses);
  step.probes.reserve(probes.size());
  for (const Probe& probe : probes) {
    step.probes.push_back({probe, simulator.predict(probe), ""});
  }
  return step;
}

}  // namespace

bool names_manifests(const std::string& path) {
  std::error_code failed;
  if (path == "-" || std::filesystem::is_directory(path, failed)) {
    return true;
  }
  const auto text = read_text_file(path);
  if (!text) {
    return false;
  }
  const auto documents = parse_documents(*text, path);
  if (!documents) {
    return false;
  }
  bool any = false;
  for (const Node* root : documents->roots) {
    if (is_suite(*root)) {
      return false;
    }
    any = any || !text_of(*root, "kind").empty();
  }
  return any;
}

std::optional<SimulatedManifests> simulate_manifests(const StaticInput& input, StaticIo& io) {
  const auto inventory = load(input, io, false);
  if (!inventory || !can_be_asked(inventory->state.world, io)) {
    return std::nullopt;
  }
  const auto probes = expand_probes({{MatrixSpec{}, {}}}, inventory->state.world);
  if (!probes) {
    for (const Error& error : probes.error()) {
      complain(io, to_string(error));
    }
    return std::nullopt;
  }
  SimulatedManifests simulated;
  simulated.simulation.suite = join(input.paths, " ");
  simulated.simulation.cases.push_back({"manifests", {step_of(*inventory, *probes)}});
  simulated.code = with_foreign_policies(0, *inventory, input, io);
  return simulated;
}

}  // namespace nettest
