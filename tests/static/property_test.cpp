// What must hold between the static commands on any cluster. Seeds are fixed, and printed on
// failure.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "probes/connectivity/difference.hpp"
#include "probes/connectivity/walk.hpp"
#include "probes/targets.hpp"
#include "tests/static/dense_row.hpp"
#include "tests/static/random_cluster.hpp"

namespace nettest {
namespace {

using test::ClusterMaker;
using test::RandomCluster;

/// Source and destination, and what passes.
using Pair = std::pair<std::string, std::string>;
using List = std::map<Pair, std::string>;

List list_of(const RandomCluster& cluster) {
  ConnectionTable table;
  const Connectivity connectivity(cluster.state, cluster.addresses, cluster.names, table);
  const auto& endpoints = connectivity.endpoints();
  List list;
  for (std::size_t source = 0; source < endpoints.size(); ++source) {
    const auto row = test::dense_row(connectivity, source);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i] != ConnectionTable::kNone) {
        list[{endpoints[source].name, endpoints[i].name}] = table.text(row[i]);
      }
    }
  }
  return list;
}

/// The same cluster after somebody worked on it: policies, labels and pods come, go and change.
RandomCluster changed(RandomCluster cluster, std::uint32_t seed) {
  ClusterMaker maker(seed);
  const RandomCluster other = maker.make();
  auto& policies = cluster.state.policies;
  if (!policies.empty() && maker.one_in(2)) {
    policies.erase(policies.begin() + maker.below(static_cast<std::uint32_t>(policies.size())));
  }
  for (const NetworkPolicy& policy : other.state.policies) {
    std::erase_if(policies, [&](const NetworkPolicy& old) { return old.id == policy.id; });
    if (maker.one_in(2)) {
      policies.push_back(policy);
    }
  }
  auto& pods = cluster.state.world.pods;
  if (maker.one_in(3)) {
    pods.front().labels["app"] = "b";
  }
  // A workload that loses one of several pods changes without a policy's doing.
  if (maker.one_in(3) && cluster.names.back().ends_with("[Pod]")) {
    pods.pop_back();
    cluster.names.pop_back();
  }
  return cluster;
}

struct Change {
  PairChange what = PairChange::changed;
  std::string before;
  std::string after;
  std::vector<DiffCause> causes;
  bool both_exist = false;
};

std::map<Pair, Change> diff_of(const RandomCluster& before, const RandomCluster& after) {
  ConnectionTable table;
  ConnectivityOptions old_options;
  old_options.also_tell_apart = block_sets_of(after.state.policies);
  ConnectivityOptions new_options;
  new_options.also_tell_apart = block_sets_of(before.state.policies);
  const Connectivity old(before.state, before.addresses, before.names, table, old_options);
  const Connectivity now(after.state, after.addresses, after.names, table, new_options);
  const ConnectivityDiff difference({old, before.state.policies}, {now, after.state.policies});
  std::map<Pair, Change> changes;
  difference.each([&](const ChangedPair& pair) {
    bool both = true;
    for (const DiffEndpoint* end : {pair.source, pair.destination}) {
      both = both && end->before != kNobody && end->after != kNobody;
    }
    changes[{std::string(pair.source->name), std::string(pair.destination->name)}] = {
        pair.change,
        table.text(pair.before),
        table.text(pair.after),
        difference.causes(pair),
        both};
  });
  return changes;
}

PairChange mirrored(PairChange change) {
  switch (change) {
    case PairChange::allowed:
      return PairChange::blocked;
    case PairChange::blocked:
      return PairChange::allowed;
    case PairChange::widened:
      return PairChange::narrowed;
    case PairChange::narrowed:
      return PairChange::widened;
    case PairChange::changed:
      break;
  }
  return change;
}

PolicyFate mirrored(PolicyFate fate) {
  return fate == PolicyFate::added     ? PolicyFate::removed
         : fate == PolicyFate::removed ? PolicyFate::added
                                       : fate;
}

PolicyEffect mirrored(PolicyEffect effect) {
  switch (effect) {
    case PolicyEffect::lets_in:
      return PolicyEffect::let_in;
    case PolicyEffect::let_in:
      return PolicyEffect::lets_in;
    case PolicyEffect::isolates:
      return PolicyEffect::isolated;
    case PolicyEffect::isolated:
      break;
  }
  return PolicyEffect::isolates;
}

class Properties : public testing::TestWithParam<std::uint32_t> {
 protected:
  static constexpr std::uint32_t kEach = 50;

  template <typename Check>
  void for_each_seed(Check check) {
    for (std::uint32_t seed = GetParam() * kEach; seed < (GetParam() + 1) * kEach; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      check(ClusterMaker(seed).make(), seed);
      if (HasFailure()) {
        return;
      }
    }
  }
};

TEST_P(Properties, NothingDiffersFromItself) {
  for_each_seed([](const RandomCluster& cluster, std::uint32_t /*seed*/) {
    EXPECT_TRUE(diff_of(cluster, cluster).empty());
  });
}

TEST_P(Properties, DiffIsMirroredByTheOtherDirection) {
  for_each_seed([](const RandomCluster& before, std::uint32_t seed) {
    const RandomCluster after = changed(before, seed + 1000);
    const auto there = diff_of(before, after);
    auto back = diff_of(after, before);
    ASSERT_EQ(there.size(), back.size());
    for (const auto& [pair, change] : there) {
      ASSERT_TRUE(back.contains(pair)) << pair.first << " => " << pair.second;
      const Change& other = back.at(pair);
      EXPECT_EQ(change.before, other.after);
      EXPECT_EQ(change.after, other.before);
      EXPECT_EQ(mirrored(change.what), other.what);
      std::set<DiffCause> causes;
      for (const DiffCause& cause : change.causes) {
        causes.insert(
            {cause.direction, cause.policy, mirrored(cause.fate), mirrored(cause.effect)});
      }
      EXPECT_EQ(causes, std::set<DiffCause>(other.causes.begin(), other.causes.end()));
    }
  });
}

TEST_P(Properties, EveryChangeHasACause) {
  for_each_seed([](const RandomCluster& before, std::uint32_t seed) {
    for (const auto& [pair, change] : diff_of(before, changed(before, seed + 2000))) {
      EXPECT_TRUE(!change.causes.empty() || !change.both_exist)
          << pair.first << " => " << pair.second << " : " << change.before << " -> "
          << change.after;
    }
  });
}

TEST_P(Properties, SimplifiedPoliciesAllowTheSame) {
  for_each_seed([](const RandomCluster& cluster, std::uint32_t /*seed*/) {
    for (const bool simplify : {false, true}) {
      auto targets = targets_of(cluster.state.policies);
      if (simplify) {
        targets = simplified(std::move(targets));
      }
      RandomCluster rewritten = cluster;
      rewritten.state.policies.clear();
      for (const PolicyTarget& target : targets) {
        NetworkPolicy policy;
        policy.id = {target.namespace_name,
                     "target" + std::to_string(rewritten.state.policies.size())};
        policy.pod_selector = target.pods;
        policy.isolates_ingress = target.direction == Direction::ingress;
        policy.isolates_egress = !policy.isolates_ingress;
        auto& rules = policy.isolates_ingress ? policy.ingress : policy.egress;
        for (const PeerRule& rule : target.rules) {
          PolicyRule& made = rules.emplace_back();
          made.ports = rule.ports;
          if (rule.peer) {
            made.peers.push_back(*rule.peer);
          }
        }
        rewritten.state.policies.push_back(policy);
      }
      // The outside may be cut in fewer places: compare as a diff does.
      EXPECT_TRUE(diff_of(cluster, rewritten).empty());
    }
  });
}

TEST_P(Properties, OrderChangesNothing) {
  for_each_seed([](const RandomCluster& cluster, std::uint32_t seed) {
    std::mt19937 random(seed);
    RandomCluster shuffled = cluster;
    auto& pods = shuffled.state.world.pods;
    for (std::size_t i = pods.size(); i > 1; --i) {
      const std::size_t other = random() % i;
      std::swap(pods[i - 1], pods[other]);
      std::swap(shuffled.names[i - 1], shuffled.names[other]);
    }
    auto& policies = shuffled.state.policies;
    std::reverse(policies.begin(), policies.end());
    std::reverse(shuffled.state.world.namespaces.begin(), shuffled.state.world.namespaces.end());
    EXPECT_EQ(list_of(shuffled), list_of(cluster));
  });
}

/// Ports at which the answer can change.
std::set<Port> boundaries(const ConnectionSet& connections, Protocol protocol) {
  std::set<Port> ports = {PortSet::kFirst, PortSet::kLast};
  for (const PortRange& range : connections.ports(protocol).ranges()) {
    for (const int port : {range.first - 1, int{range.first}, int{range.last}, range.last + 1}) {
      if (port >= PortSet::kFirst && port <= PortSet::kLast) {
        ports.insert(static_cast<Port>(port));
      }
    }
  }
  return ports;
}

/// The ends that `query` would ask about for an endpoint of `list`.
std::vector<WalkEnd> ends_of(const Endpoint& endpoint, const RandomCluster& cluster) {
  std::vector<WalkEnd> ends;
  for (const std::uint32_t pod : endpoint.pods) {
    WalkEnd end{endpoint.name, &cluster.state.world.pods[pod], nullptr, {}};
    end.home = find_namespace(cluster.state.world, end.pod->id.namespace_name);
    const auto found = cluster.addresses.pods.find(end.pod->id);
    if (found != cluster.addresses.pods.end()) {
      end.addresses = found->second;
    }
    ends.push_back(end);
  }
  if (endpoint.range) {
    ends.push_back({endpoint.name, nullptr, nullptr, {endpoint.range->last}});
  }
  return ends;
}

TEST_P(Properties, ListAgreesWithQueriesAtEveryBoundary) {
  for_each_seed([](const RandomCluster& cluster, std::uint32_t /*seed*/) {
    ConnectionTable table;
    const Connectivity connectivity(cluster.state, cluster.addresses, cluster.names, table);
    const auto& endpoints = connectivity.endpoints();
    const auto is_allowed =
        [&](const Endpoint& a, const Endpoint& b, Protocol protocol, Port port) {
          for (const WalkEnd& from : ends_of(a, cluster)) {
            for (const WalkEnd& to : ends_of(b, cluster)) {
              const Walk walked = walk(cluster.state.policies, {from, to, protocol, port});
              if (walked.verdict == Verdict::allowed) {
                return true;
              }
            }
          }
          return false;
        };
    for (std::size_t s = 0; s < endpoints.size(); ++s) {
      const auto row = test::dense_row(connectivity, s);
      for (std::size_t d = 0; d < row.size(); ++d) {
        if (s == d || (endpoints[s].external() && endpoints[d].external())) {
          continue;
        }
        const ConnectionSet& connections = table.get(row[d]);
        for (const Protocol protocol : kPrintedProtocols) {
          for (const Port port : boundaries(connections, protocol)) {
            ASSERT_EQ(connections.contains(protocol, port),
                      is_allowed(endpoints[s], endpoints[d], protocol, port))
                << endpoints[s].name << " => " << endpoints[d].name << ":" << port << "/"
                << to_string(protocol);
          }
        }
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, Properties, testing::Range(0U, 6U));

}  // namespace
}  // namespace nettest
