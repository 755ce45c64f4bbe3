// The simulator on clusters of 9, 1,000 and 10,000 pods with 1,000 policies: building it, all pairs
// as classes, single predictions; with the peak memory of a process that does only that.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "probes/simulator/compiled.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {
namespace {

constexpr std::size_t kPolicies = 1000;
constexpr std::size_t kPodsPerNamespace = 50;
constexpr std::size_t kApps = 25;
constexpr std::size_t kTeams = 8;
constexpr std::size_t kTiers = 3;

struct Cluster {
  ClusterState state;
  AddressBook addresses;
};

std::string team(std::size_t index) {
  return "team-" + std::to_string(index % kTeams);
}

std::string app(std::size_t index) {
  return "app-" + std::to_string(index % kApps);
}

std::string tier(std::size_t index) {
  return "tier-" + std::to_string(index % kTiers);
}

/// Labels as in real clusters: a few apps and tiers per namespace, and one label of its own in
/// every pod (as a pod-template-hash), which no policy asks for.
World world_of(std::size_t pods) {
  World world;
  const std::size_t namespaces = pods / kPodsPerNamespace + 1;
  for (std::size_t i = 0; i < namespaces; ++i) {
    const std::string name = "ns-" + std::to_string(i);
    world.namespaces.push_back(
        {name, {{"team", team(i)}, {"kubernetes.io/metadata.name", name}}, false, {}});
  }
  for (std::size_t i = 0; i < pods; ++i) {
    Pod pod;
    pod.id = {world.namespaces[i % namespaces].name, "p" + std::to_string(i)};
    const std::size_t kind = i / namespaces;
    pod.labels = {{"app", app(kind)}, {"tier", tier(kind)}, {"hash", std::to_string(i)}};
    pod.ports = {{"http", 80, Protocol::tcp, Serve::plain}};
    world.pods.push_back(std::move(pod));
  }
  return world;
}

PolicyPeer from_tier_of_team(std::size_t index) {
  PolicyPeer peer;
  peer.namespace_selector = LabelSelector{{{"team", team(index)}}, {}};
  peer.pod_selector =
      LabelSelector{{}, {{"tier", SelectorOperator::in, {tier(index), tier(index + 1)}}}};
  return peer;
}

PolicyPeer from_block(std::size_t index) {
  PolicyPeer peer;
  const std::string block = "10.244." + std::to_string(index % 8) + ".0/24";
  peer.ip_block = IpBlock{{block, *Cidr::parse(block), {}}, {}};
  return peer;
}

NetworkPolicy policy_of(const World& world, std::size_t index) {
  NetworkPolicy policy;
  policy.id = {world.namespaces[index % world.namespaces.size()].name,
               "policy-" + std::to_string(index)};
  policy.pod_selector.match_labels = {{"app", app(index / world.namespaces.size())}};
  PolicyRule rule;
  rule.peers = {from_tier_of_team(index)};
  if (index % 5 == 0) {
    rule.peers.push_back(from_block(index));
  }
  rule.ports = {{Protocol::tcp, std::string("http"), {}, {}},
                {Protocol::tcp, Port{8000}, Port{9000}, {}}};
  policy.isolates_egress = index % 2 == 0;
  policy.ingress = {rule};
  policy.egress = {rule};
  return policy;
}

Cluster cluster_of(std::size_t pods) {
  Cluster cluster;
  cluster.state.world = world_of(pods);
  for (std::size_t i = 0; i < kPolicies; ++i) {
    cluster.state.policies.push_back(policy_of(cluster.state.world, i));
  }
  cluster.addresses = assign_local_addresses(cluster.state.world);
  return cluster;
}

/// Counts the ordered pairs of classes of pods that may talk on TCP 80: who a class may reach
/// itself, of those, who lets it in.
std::size_t open_pairs(const CompiledPolicies& compiled) {
  const Flow flow{Protocol::tcp, 80, IpFamily::ipv4};
  const auto classes = static_cast<GroupIndex>(compiled.groups().size());
  std::vector<GroupSet> reached_by;
  reached_by.reserve(classes);
  for (GroupIndex group = 0; group < classes; ++group) {
    reached_by.push_back(compiled.admitted(Direction::egress, group, flow));
  }
  std::size_t open = 0;
  for (GroupIndex to = 0; to < classes; ++to) {
    for_each(compiled.admitted(Direction::ingress, to, flow),
             [&](GroupIndex from) { open += reached_by[from].contains(to) ? 1U : 0U; });
  }
  return open;
}

/// Peak resident memory, in MiB, of a process that does nothing but `work`.
template <typename Work>
double peak_mib(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  rusage used{};
  int status = 0;
  if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0) {
    std::abort();
  }
  return static_cast<double>(used.ru_maxrss) / 1024;
}

void all_pairs_as_classes(benchmark::State& state) {
  const auto pods = static_cast<std::size_t>(state.range(0));
  // First: what this process holds already would count in the child too.
  state.counters["peak_MiB"] = peak_mib([pods] {
    const Cluster cluster = cluster_of(pods);
    benchmark::DoNotOptimize(open_pairs(CompiledPolicies(cluster.state, cluster.addresses)));
  });
  const Cluster cluster = cluster_of(pods);
  std::size_t open = 0;
  std::size_t classes = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const CompiledPolicies compiled(cluster.state, cluster.addresses);
    open = open_pairs(compiled);
    classes = compiled.groups().size();
  }
  state.counters["classes"] = static_cast<double>(classes);
  state.counters["open_pairs"] = static_cast<double>(open);
}

void build_simulator(benchmark::State& state) {
  const Cluster cluster = cluster_of(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto iteration : state) {
    benchmark::DoNotOptimize(Simulator(cluster.state, cluster.addresses));
  }
}

/// One source against every pod: a row of the matrix.
void verdicts_of_a_row(benchmark::State& state) {
  const Cluster cluster = cluster_of(static_cast<std::size_t>(state.range(0)));
  const Simulator simulator(cluster.state, cluster.addresses);
  std::vector<Probe> row(cluster.state.world.pods.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i].from = cluster.state.world.pods.front().id;
    row[i].to = cluster.state.world.pods[i].id;
    row[i].port = 80;
  }
  for ([[maybe_unused]] auto iteration : state) {
    for (const Probe& probe : row) {
      benchmark::DoNotOptimize(simulator.verdict(probe));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(row.size()));
}

void sizes(benchmark::internal::Benchmark* one) {
  one->ArgName("pods")->Arg(9)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);
}
BENCHMARK(all_pairs_as_classes)->Apply(sizes);
BENCHMARK(build_simulator)->Apply(sizes);
BENCHMARK(verdicts_of_a_row)->Apply(sizes);

}  // namespace
}  // namespace nettest
