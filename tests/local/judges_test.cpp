// Simulator and local engine, two readings of the same documentation that share no code, judge the
// same generated policies; the packets must say what the simulator says.
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/local/local_engine.hpp"
#include "harness/local/policy_compiler.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/service_compiler.hpp"
#include "probes/simulator/simulator.hpp"
#include "tests/local/ask.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

constexpr unsigned kSeed = 20260101;
constexpr int kRounds = 40;

/// Policies over small_world(): every choice has few values, so that they often meet.
class Grammar {
 public:
  explicit Grammar(unsigned seed) : random_(seed) {}

  std::vector<NetworkPolicy> policies(const AddressBook& addresses) {
    addresses_ = &addresses;
    std::vector<NetworkPolicy> list;
    const unsigned count = 1 + below(4);
    for (unsigned i = 0; i < count; ++i) {
      list.push_back(policy("p" + std::to_string(i)));
    }
    return list;
  }

  Labels labels() { return below(3) == 0 ? Labels{} : Labels{{"pod", one_of({"a", "b", "c"})}}; }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::string one_of(const std::vector<std::string>& values) {
    return values[below(static_cast<unsigned>(values.size()))];
  }

  NetworkPolicy policy(const std::string& name) {
    NetworkPolicy policy;
    policy.id = {one_of({"x", "x", "y"}), name};
    policy.pod_selector = selector("pod", {"a", "b", "c"});
    const unsigned types = 1 + below(3);
    policy.isolates_ingress = (types & 1U) != 0;
    policy.isolates_egress = (types & 2U) != 0;
    policy.ingress = rules();
    policy.egress = rules();
    return policy;
  }

  LabelSelector selector(const std::string& key, const std::vector<std::string>& values) {
    LabelSelector selector;
    switch (below(7)) {
      case 0:
        break;
      case 1:
        selector.match_expressions = {{key, SelectorOperator::in, {values[0], one_of(values)}}};
        break;
      case 2:
        selector.match_expressions = {{key, SelectorOperator::not_in, {one_of(values)}}};
        break;
      case 3:
        selector.match_expressions = {{"missing", SelectorOperator::does_not_exist, {}}};
        break;
      case 4:
        selector.match_expressions = {{key, SelectorOperator::exists, {}}};
        break;
      default:
        selector.match_labels = {{key, one_of(values)}};
    }
    return selector;
  }

  std::vector<PolicyRule> rules() {
    std::vector<PolicyRule> list(below(3));
    for (PolicyRule& rule : list) {
      rule.peers.resize(below(3));
      for (PolicyPeer& one : rule.peers) {
        one = peer();
      }
      rule.ports.resize(below(3));
      for (PolicyPort& one : rule.ports) {
        one = port();
      }
    }
    return list;
  }

  PolicyPeer peer() {
    PolicyPeer peer;
    const unsigned kind = below(5);
    if (kind == 0) {
      peer.ip_block = block();
      return peer;
    }
    if (kind != 1) {
      peer.pod_selector = selector("pod", {"a", "b", "c"});
    }
    if (kind == 1 || kind == 2) {
      peer.namespace_selector = selector("ns", {"x", "y"});
    }
    return peer;
  }

  IpBlock block() {
    const bool six = below(3) == 0;
    const PodId pod = pod_id(one_of({"x/a", "x/b", "x/c", "y/a"}));
    const IpAddress address =
        *address_of(addresses_->pods.at(pod), six ? IpFamily::ipv6 : IpFamily::ipv4);
    const int full = address.width();
    const std::vector<int> lengths = {0, full - 16, full - 8, full};
    const auto written = [](const Cidr& cidr) { return WrittenCidr{to_string(cidr), cidr, {}}; };
    IpBlock block;
    const int length = lengths[below(4)];
    block.cidr = written(Cidr(address, length));
    if (length < full && below(2) == 0) {
      block.except.push_back(written(Cidr(address, full)));
    }
    return block;
  }

  PolicyPort port() {
    PolicyPort port;
    port.protocol =
        std::vector{Protocol::tcp, Protocol::tcp, Protocol::udp, Protocol::sctp}[below(4)];
    switch (below(5)) {
      case 0:
        break;
      case 1:
        port.port = std::string("web");
        break;
      case 2:
        port.port = Port{80};
        port.end_port = Port{81};
        break;
      default:
        port.port = static_cast<Port>(80 + below(2));
    }
    return port;
  }

  std::mt19937 random_;
  const AddressBook* addresses_ = nullptr;
};

std::vector<Probe> all_probes(const World& world) {
  std::vector<Probe> probes;
  for (const Pod& from : world.pods) {
    for (const Pod& to : world.pods) {
      for (const ContainerPort& port : to.ports) {
        for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
          Probe probe;
          probe.from = from.id;
          probe.to = to.id;
          probe.port = port.port;
          probe.protocol = port.protocol;
          probe.family = family;
          probes.push_back(probe);
        }
      }
    }
  }
  return probes;
}

/// The services of the local engine with the filter that node-agents use.
NftProgram compile_by_address(const NodeInput& input) {
  NftBuilder nft("nettest" + std::to_string(input.generation));
  write_services(nft, input.state.world, input.addresses, input.node);
  write_filter_by_address(
      nft, node_gates(input.state, input.addresses, input.node), input.addresses);
  return nft.take();
}

struct Compiler {
  std::string name;
  CompileNode compile;
};

class JudgesTest : public testing::TestWithParam<Compiler> {
 protected:
  void SetUp() override {
    if (private_world() == nullptr) {
      GTEST_SKIP() << why_no_world();
    }
  }

  static TimePoint soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }

  LocalEngine engine_{LocalOptions{GetParam().compile}};
};

TEST_P(JudgesTest, PacketsSayWhatTheSimulatorSays) {
  const char* const given = std::getenv("NETTEST_SEED");
  const auto seed = given == nullptr ? kSeed : static_cast<unsigned>(std::atoi(given));
  SCOPED_TRACE("NETTEST_SEED=" + std::to_string(seed));
  const World world = small_world();
  const auto addresses = engine_.deploy(world, soon());
  ASSERT_TRUE(addresses) << to_string(addresses.error());
  const auto probes = all_probes(world);
  Grammar grammar(seed);
  std::vector<NetworkPolicy> policies;
  std::size_t blocked = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Change> changes;
    for (const NetworkPolicy& policy : policies) {
      changes.push_back(change_of(DeletePolicy{policy.id}));
    }
    policies = grammar.policies(*addresses);
    for (const NetworkPolicy& policy : policies) {
      changes.push_back(change_of(ApplyPolicy{policy}));
    }
    const auto applied = engine_.apply(changes, soon());
    ASSERT_TRUE(applied) << to_string(applied.error());
    const Simulator simulator({with_cluster_dns(world), policies}, *applied);
    std::vector<Verdict> expected;
    for (const Probe& probe : probes) {
      expected.push_back(simulator.verdict(probe));
    }
    const auto attempts = ask_patiently(engine_, probes, expected);
    for (std::size_t i = 0; i < probes.size(); ++i) {
      const auto seen =
          observed(attempts[i].signal) == Observed::allowed ? Verdict::allowed : Verdict::blocked;
      blocked += seen == Verdict::blocked ? 1U : 0U;
      EXPECT_TRUE(expected[i] == Verdict::either || expected[i] == seen)
          << "round " << round << ": " << to_string(probes[i]) << ": simulator "
          << to_string(expected[i]) << " (" << explain(simulator.predict(probes[i]))
          << "), packets " << to_string(attempts[i].signal);
    }
  }
  // Neither all open nor all closed: else nothing was compared.
  EXPECT_GT(blocked, probes.size() * kRounds / 10);
  EXPECT_LT(blocked, probes.size() * kRounds * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Compilers,
                         JudgesTest,
                         testing::Values(Compiler{"Interfaces", compile_node},
                                         Compiler{"Addresses", compile_by_address}),
                         [](const auto& made) { return made.param.name; });

}  // namespace
}  // namespace nettest
