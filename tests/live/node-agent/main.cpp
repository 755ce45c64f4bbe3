// node-agent: enforces NetworkPolicy on one node of the test bed. A fixture of the live tests, no
// CNI.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "harness/local/nft.hpp"
#include "harness/local/policy_compiler.hpp"
#include "harness/process/run.hpp"
#include "tests/live/node-agent/followed_cluster.hpp"

namespace nettest {
namespace {

struct Options {
  ClusterChoice cluster;
  std::string node;
  int delay_ms = 0;
};

const std::string kPrefix = "nettest-node-agent-";

TimePoint in_seconds(int seconds) {
  return std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

/// The tables of a node-agent that ran here before: they hold until our first one is in place.
Result<std::vector<std::string>> tables_left_behind() {
  Reactor reactor;
  const auto listed = run_child(reactor, {{"nft", "list", "tables", "inet"}}, "", in_seconds(10));
  if (!listed) {
    return tl::unexpected(listed.error());
  }
  std::vector<std::string> tables;
  for (std::size_t at = 0; (at = listed->output.find(kPrefix, at)) != std::string::npos; ++at) {
    tables.push_back(listed->output.substr(at, listed->output.find_first_of(" \n", at) - at));
  }
  return tables;
}

NftProgram program_of(const KnownState& known, const std::string& node, const std::string& table) {
  NftBuilder nft(table);
  write_filter_by_address(nft, node_gates(known.state, known.addresses, node), known.addresses);
  return nft.take();
}

/// Programs the node after each change, until that fails.
Error keep_programming(FollowedCluster& followed,
                       const Options& options,
                       Nft& nft,
                       const std::vector<std::string>& left_behind) {
  const std::string prefix = kPrefix + std::to_string(getpid()) + "-";
  for (unsigned generation = 0;; ++generation) {
    const auto known = followed.next().read();
    if (!known) {
      return known.error();
    }
    const TimePoint started = std::chrono::steady_clock::now();
    NftProgram program = program_of(*known, options.node, prefix + std::to_string(generation));
    for (const std::string& table : generation == 0 ? left_behind : std::vector<std::string>()) {
      program.hooks.push_back("delete table inet " + table);
    }
    if (const auto done = nft.replace(program, Connections::keep); !done) {
      return done.error();
    }
    const std::chrono::duration<double, std::milli> took =
        std::chrono::steady_clock::now() - started;
    std::fprintf(stderr,
                 "%zu policies, %zu pods: programmed in %.1f ms\n",
                 known->state.policies.size(),
                 known->addresses.pods.size(),
                 took.count());
  }
}

Error enforce(const Options& options) {
  auto cluster = Cluster::connect(options.cluster, in_seconds(60));
  if (!cluster) {
    return cluster.error();
  }
  auto left_behind = tables_left_behind();
  if (!left_behind) {
    return left_behind.error();
  }
  auto nft = Nft::open();
  if (!nft) {
    return nft.error();
  }
  // Its threads end with the process only: it is never destroyed.
  auto* const followed =
      new FollowedCluster(*cluster, std::chrono::milliseconds(options.delay_ms));  // NOLINT
  return keep_programming(*followed, options, *nft, *left_behind);
}

int run(int argc, char** argv) {
  CLI::App app("Enforces NetworkPolicy on one node of the test bed.");
  Options options;
  app.add_option("--kubectl", options.cluster.kubectl);
  app.add_option("--kubeconfig", options.cluster.kubeconfig)->required();
  app.add_option("--node", options.node, "the Node object that this machine is")->required();
  app.add_option("--delay", options.delay_ms, "enforce every change so many ms late");
  CLI11_PARSE(app, argc, argv);
  std::fprintf(stderr, "node-agent: %s\n", to_string(enforce(options)).c_str());
  std::_Exit(1);
}

}  // namespace
}  // namespace nettest

int main(int argc, char** argv) {
  try {
    return nettest::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "node-agent: %s\n", error.what());
    return 1;
  }
}
