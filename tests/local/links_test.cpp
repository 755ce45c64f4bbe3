// Wires: every pod reaches every pod, on both nodes, in both families, with nothing to wait for.
#include <gtest/gtest.h>

#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

using LinksTest = PacketWorld;

TEST_F(LinksTest, EveryPairConnectsAtOnceInBothFamilies) {
  build(small_world());
  for (const char* from : {"x/a", "x/b", "x/c", "y/a"}) {
    for (const char* to : {"x/a", "x/b", "x/c", "y/a"}) {
      for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
        for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
          EXPECT_EQ(reach(from, to, 80, protocol, family), "connected")
              << from << " -> " << to << " " << to_string(family) << " " << to_string(protocol);
          EXPECT_EQ(who_was_asked(), to);
        }
      }
    }
  }
}

TEST_F(LinksTest, PortsThatNobodyServesAreRefused) {
  build(small_world());
  EXPECT_EQ(reach("x/a", "x/b", 99), "refused");
  EXPECT_EQ(reach("x/a", "x/b", 99, Protocol::udp), "refused");
  EXPECT_EQ(reach("x/a", "x/c", 99, Protocol::tcp, IpFamily::ipv6), "refused");
}

TEST_F(LinksTest, AddressesThatDoNotExistAreUnreachableAtOnce) {
  build(small_world());
  EXPECT_THAT(send("x/a", {"10.244.1.200", 80}), testing::StartsWith("unreachable"));
}

TEST_F(LinksTest, TheAddressOfADeletedPodAnswersNobodyUntilItsSuccessorHasIt) {
  build(small_world());
  const std::string old = address("x/c");
  apply({change_of(DeletePod{{"x", "c"}})});
  EXPECT_THAT(send("x/a", {old, 80}), testing::StartsWith("unreachable"));
  EXPECT_THAT(send("x/b", {old, 80}), testing::StartsWith("unreachable"));
  apply({change_of(CreatePod{make_pod("x/c", {}, {{"", 80, Protocol::tcp, Serve::plain}})})});
  EXPECT_EQ(address("x/c"), old);
  EXPECT_EQ(reach("x/a", "x/c"), "connected");
  EXPECT_EQ(reach("x/b", "x/c", 80, Protocol::tcp, IpFamily::ipv6), "connected");
}

// The kernel takes a link away by itself when nothing holds the pod's namespace any more: the
// namespace may be let go only when the link is gone.
TEST_F(LinksTest, ManyPodsGoAtOnce) {
  build(small_world());
  std::vector<Change> come;
  std::vector<Change> go;
  for (int i = 0; i < 60; ++i) {
    const std::string id = "x/guest" + std::to_string(i);
    come.push_back(change_of(CreatePod{make_pod(id, {})}));
    go.push_back(change_of(DeletePod{pod_id(id)}));
  }
  for (int round = 0; round < 2; ++round) {
    apply(come);
    apply(go);
  }
  EXPECT_EQ(reach("x/a", "y/a"), "connected");
}

TEST_F(LinksTest, TheNodeReachesItsPods) {
  build(small_world());
  NetworkPolicy deny;
  deny.id = {"x", "deny"};
  police({deny});
  EXPECT_EQ(reach("y/a", "x/a"), "silence");
  const auto target = address("x/a");
  std::string seen;
  const auto done = in_network(*fabric_->topology().nodes().at("n1"), [&]() -> Result<void> {
    seen = send_here({target, 80});
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, "connected");
}

TEST_F(LinksTest, BuildsAndClearsAgainAndAgain) {
  for (int i = 0; i < 5; ++i) {
    build(small_world());
    EXPECT_EQ(reach("x/a", "y/a"), "connected");
    TearDown();
  }
}

}  // namespace
}  // namespace nettest
