// The algebra against a second, plain reading of the NetworkPolicy
// documentation, asked at every boundary.
#include "probes/connectivity/connectivity.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "probes/connectivity/bits.hpp"
#include "probes/simulator/selectors.hpp"
#include "tests/static/dense_row.hpp"
#include "tests/static/random_cluster.hpp"

namespace nettest {
namespace {

using test::ClusterMaker;
using test::RandomCluster;

/// One end of a connection for the plain reading: a pod or an address.
struct End {
  const Pod* pod = nullptr;
  std::optional<IpAddress> address;
};

class PlainReading {
 public:
  explicit PlainReading(const RandomCluster& cluster) : cluster_(cluster) {}

  [[nodiscard]] End pod(std::size_t index) const {
    End end{&cluster_.state.world.pods[index], {}};
    const auto found = cluster_.addresses.pods.find(end.pod->id);
    if (found != cluster_.addresses.pods.end()) {
      end.address = found->second.front();
    }
    return end;
  }

  [[nodiscard]] bool allowed(const End& from, const End& to, Protocol protocol, Port port) const {
    return end_allows(Direction::egress, from, to, to, protocol, port) &&
           end_allows(Direction::ingress, to, from, to, protocol, port);
  }

 private:
  [[nodiscard]] bool end_allows(Direction direction,
                                const End& own,
                                const End& peer,
                                const End& destination,
                                Protocol protocol,
                                Port port) const {
    bool isolated = false;
    for (const NetworkPolicy& policy : cluster_.state.policies) {
      const bool applies =
          own.pod != nullptr && policy.id.namespace_name == own.pod->id.namespace_name &&
          isolates(policy, direction) && selects(policy.pod_selector, own.pod->labels);
      if (!applies) {
        continue;
      }
      isolated = true;
      for (const PolicyRule& rule : rules(policy, direction)) {
        if (peer_fits(policy, rule, peer) && port_fits(rule, destination, protocol, port)) {
          return true;
        }
      }
    }
    return !isolated;
  }

  [[nodiscard]] bool peer_fits(const NetworkPolicy& policy,
                               const PolicyRule& rule,
                               const End& end) const {
    return rule.peers.empty() ||
           std::any_of(rule.peers.begin(), rule.peers.end(), [&](const PolicyPeer& peer) {
             if (peer.ip_block) {
               return end.address && selects(*peer.ip_block, *end.address);
             }
             if (end.pod == nullptr) {
               return false;
             }
             const Namespace* ns = find_namespace(cluster_.state.world, end.pod->id.namespace_name);
             const bool in_namespace = peer.namespace_selector
                                           ? selects(*peer.namespace_selector, ns->labels)
                                           : end.pod->id.namespace_name == policy.id.namespace_name;
             return in_namespace &&
                    (!peer.pod_selector || selects(*peer.pod_selector, end.pod->labels));
           });
  }

  static bool port_fits(const PolicyRule& rule, const End& to, Protocol protocol, Port port) {
    return rule.ports.empty() ||
           std::any_of(rule.ports.begin(), rule.ports.end(), [&](const PolicyPort& entry) {
             if (entry.protocol != protocol) {
               return false;
             }
             if (const auto* number = std::get_if<Port>(&entry.port)) {
               return *number <= port && port <= entry.end_port.value_or(*number);
             }
             const auto* name = std::get_if<std::string>(&entry.port);
             return name == nullptr ||
                    (to.pod != nullptr &&
                     std::any_of(
                         to.pod->ports.begin(), to.pod->ports.end(), [&](const ContainerPort& p) {
                           return p.name == *name && p.protocol == protocol && p.port == port;
                         }));
           });
  }

  const RandomCluster& cluster_;
};

/// Ports at which an answer can change: bounds, one below and one above.
std::vector<Port> boundary_ports(const ConnectionSet& connections, Protocol protocol) {
  std::vector<Port> ports = {1, 53, 79, 80, 81, 8080, 65535};
  for (const PortRange& range : connections.ports(protocol).ranges()) {
    for (const int port : {range.first - 1, int{range.first}, int{range.last}, range.last + 1}) {
      if (port >= 1 && port <= 65535) {
        ports.push_back(static_cast<Port>(port));
      }
    }
  }
  return ports;
}

std::vector<End> ends_of(const Endpoint& endpoint, const PlainReading& plain) {
  std::vector<End> ends;
  for (const std::uint32_t pod : endpoint.pods) {
    ends.push_back(plain.pod(pod));
  }
  if (endpoint.range) {
    ends.push_back({nullptr, endpoint.range->first});
    ends.push_back({nullptr, endpoint.range->last});
  }
  return ends;
}

void expect_same(const Connectivity& connectivity,
                 const PlainReading& plain,
                 std::size_t source,
                 std::size_t destination,
                 ConnectionId id) {
  const auto& endpoints = connectivity.endpoints();
  const ConnectionSet& connections = connectivity.table().get(id);
  for (const Protocol protocol : kPrintedProtocols) {
    for (const Port port : boundary_ports(connections, protocol)) {
      bool any = false;
      for (const End& from : ends_of(endpoints[source], plain)) {
        for (const End& to : ends_of(endpoints[destination], plain)) {
          any = any || plain.allowed(from, to, protocol, port);
        }
      }
      ASSERT_EQ(connections.contains(protocol, port), any)
          << endpoints[source].name << " -> " << endpoints[destination].name << ":" << port << "/"
          << to_string(protocol) << " said " << to_string(connections);
    }
  }
}

class RandomConnectivity : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomConnectivity, RowsAgreeWithThePlainReadingAtEveryBoundary) {
  for (std::uint32_t seed = GetParam() * 50; seed < GetParam() * 50 + 50; ++seed) {
    SCOPED_TRACE(seed);
    const RandomCluster cluster = ClusterMaker(seed).make();
    const PlainReading plain(cluster);
    ConnectionTable table;
    const Connectivity connectivity(cluster.state, cluster.addresses, cluster.names, table);
    std::map<ConnectionId, std::uint64_t> counted;
    const auto& endpoints = connectivity.endpoints();
    for (std::size_t s = 0; s < endpoints.size(); ++s) {
      const auto row = test::dense_row(connectivity, s);
      for (std::size_t d = 0; d < row.size(); ++d) {
        const bool asked = s != d && !(endpoints[s].external() && endpoints[d].external());
        if (!asked) {
          ASSERT_EQ(row[d], ConnectionTable::kNone);
          continue;
        }
        ++counted[row[d]];
        expect_same(connectivity, plain, s, d, row[d]);
        if (HasFatalFailure()) {
          return;
        }
      }
    }
    const ConnectivitySummary summary = connectivity.summarize();
    const std::map<ConnectionId, std::uint64_t> summed(summary.by_connections.begin(),
                                                       summary.by_connections.end());
    ASSERT_EQ(summed, counted);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomConnectivity, testing::Range(0U, 8U));

TEST(PortSets, BehaveAsSets) {
  const PortSet web({80, 90});
  const PortSet tail({85, 65535});
  EXPECT_EQ(to_string(web.united(tail)), "80-65535");
  EXPECT_EQ(to_string(web.intersected(tail)), "85-90");
  EXPECT_EQ(to_string(web.without(tail)), "80-84");
  EXPECT_EQ(to_string(PortSet::all().without(web)), "1-79,91-65535");
  EXPECT_EQ(to_string(PortSet({1, 5}).united(PortSet({6, 6}))), "1-6");
  EXPECT_TRUE(PortSet({0, 65535}).full());
  EXPECT_TRUE(PortSet::all().without(PortSet::all()).empty());
  EXPECT_TRUE(tail.contains(65535));
  EXPECT_FALSE(tail.contains(84));
}

TEST(ConnectionSets, PrintProtocolsInOrder) {
  const ConnectionSet udp(Protocol::udp, PortSet({53, 53}));
  const ConnectionSet tcp(Protocol::tcp, PortSet({53, 54}));
  const ConnectionSet sctp(Protocol::sctp, PortSet::all());
  EXPECT_EQ(to_string(udp.united(tcp).united(sctp)), "SCTP 1-65535,TCP 53-54,UDP 53");
  EXPECT_EQ(to_string(ConnectionSet{}), "No Connections");
  EXPECT_EQ(to_string(ConnectionSet::all()), "All Connections");
}

TEST(BitMatrixes, AreTheirColumnsMirrored) {
  const std::vector<std::uint32_t> a = {0, 63, 64, 130};
  const std::vector<std::uint32_t> b = {129, 130};
  const Bits first(a);
  const Bits second(b);
  std::vector<const Bits*> columns(70, &first);
  columns[69] = &second;
  const BitMatrix matrix(columns, 131);
  for (std::size_t row = 0; row < 131; ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const bool bit = ((matrix.row(row)[column / 64] >> (column % 64)) & 1U) != 0;
      ASSERT_EQ(bit, columns[column]->contains(row)) << row << " " << column;
    }
  }
}

std::vector<std::string> ranges(const std::vector<IpBlock>& blocks, IpFamily family) {
  std::vector<BlockSet> sets;
  for (const IpBlock& block : blocks) {
    sets.push_back({{block}});
  }
  std::vector<std::string> texts;
  for (const AddressRange& range : partition_addresses(sets, family).ranges) {
    texts.push_back(to_string(range));
  }
  return texts;
}

IpBlock block(const std::string& cidr, const std::vector<std::string>& except = {}) {
  IpBlock made;
  made.cidr = {cidr, Cidr::parse(cidr), {}};
  for (const std::string& text : except) {
    made.except.push_back({text, Cidr::parse(text), {}});
  }
  return made;
}

TEST(ExternalRanges, AreCutWhereBlocksBeginAndEnd) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(ranges({}, IpFamily::ipv4), Texts{"0.0.0.0-255.255.255.255"});
  EXPECT_EQ(
      ranges({block("10.0.0.0/8")}, IpFamily::ipv4),
      (Texts{"0.0.0.0-9.255.255.255", "10.0.0.0-10.255.255.255", "11.0.0.0-255.255.255.255"}));
  EXPECT_EQ(
      ranges({block("0.0.0.0/0", {"255.255.255.255/32", "0.0.0.0/32"})}, IpFamily::ipv4),
      (Texts{"0.0.0.0-0.0.0.0", "0.0.0.1-255.255.255.254", "255.255.255.255-255.255.255.255"}));
  EXPECT_EQ(ranges({block("10.0.0.0/8", {"10.0.0.0/8"})}, IpFamily::ipv4),
            Texts{"0.0.0.0-255.255.255.255"});
  EXPECT_EQ(ranges({block("fd00::/8")}, IpFamily::ipv4), Texts{"0.0.0.0-255.255.255.255"});
  EXPECT_EQ(ranges({block("fd00::/8")}, IpFamily::ipv6).size(), 3U);
}

TEST(ExternalRanges, NeighboursOfOneRuleAreOneRange) {
  const BlockSet both{{block("10.0.0.0/9"), block("10.128.0.0/9")}};
  EXPECT_EQ(partition_addresses({both}, IpFamily::ipv4).ranges.size(), 3U);
}

}  // namespace
}  // namespace nettest
