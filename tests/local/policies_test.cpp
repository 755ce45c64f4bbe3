// Every feature of NetworkPolicy on real packets, against expectations written by hand.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "probes/simulator/simulator.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

NetworkPolicy ingress_of(const std::string& pod) {
  NetworkPolicy policy;
  policy.id = {"x", "ingress-of-" + pod};
  policy.pod_selector.match_labels = {{"pod", pod}};
  return policy;
}

NetworkPolicy egress_of(const std::string& pod) {
  NetworkPolicy policy = ingress_of(pod);
  policy.id.name = "egress-of-" + pod;
  policy.isolates_ingress = false;
  policy.isolates_egress = true;
  return policy;
}

PolicyPeer pods(Labels labels) {
  PolicyPeer peer;
  peer.pod_selector = LabelSelector{std::move(labels), {}};
  return peer;
}

PolicyPeer namespaces(Labels labels) {
  PolicyPeer peer;
  peer.namespace_selector = LabelSelector{std::move(labels), {}};
  return peer;
}

PolicyPeer block(const std::string& cidr, const std::vector<std::string>& except = {}) {
  PolicyPeer peer;
  peer.ip_block.emplace();
  peer.ip_block->cidr = {cidr, Cidr::parse(cidr), {}};
  for (const auto& one : except) {
    peer.ip_block->except.push_back({one, Cidr::parse(one), {}});
  }
  return peer;
}

PolicyPort port(Port number, Protocol protocol = Protocol::tcp) {
  return {protocol, number, {}, {}};
}

PolicyPort named(const std::string& name, Protocol protocol = Protocol::tcp) {
  return {protocol, name, {}, {}};
}

class PoliciesTest : public PacketWorld {
 protected:
  /// Rows: sources x/a x/b x/c y/a; columns the same; `.` connected, `X` silence. TCP 80.
  void expect(const std::vector<std::string>& rows,
              Port number = 80,
              Protocol protocol = Protocol::tcp) {
    const std::vector<std::string> names = {"x/a", "x/b", "x/c", "y/a"};
    // The third judge: the simulator reads the same expectations.
    const Simulator simulator(fabric_->state(), fabric_->addresses());
    for (const IpFamily family : families_) {
      std::vector<std::string> seen;
      std::vector<std::string> predicted;
      for (std::size_t i = 0; i < names.size(); ++i) {
        seen.emplace_back();
        predicted.emplace_back();
        for (std::size_t j = 0; j < names.size(); ++j) {
          const auto ask = [&](int patience) {
            patience_ms_ = patience;
            return reach(names[i], names[j], number, protocol, family);
          };
          Probe probe;
          probe.from = pod_id(names[i]);
          probe.to = pod_id(names[j]);
          probe.port = number;
          probe.protocol = protocol;
          probe.family = family;
          predicted[i] += simulator.verdict(probe) == Verdict::allowed ? '.' : 'X';
          std::string answer = ask(60);
          if (answer == "silence" && rows[i][j] == '.') {
            answer = ask(1000);
          }
          seen[i] += answer == "connected" ? '.' : answer == "silence" ? 'X' : '?';
        }
      }
      EXPECT_EQ(predicted, rows) << "by the simulator, " << to_string(family) << " " << number;
      EXPECT_EQ(seen, rows) << to_string(family) << " " << to_string(protocol) << " " << number;
    }
    patience_ms_ = 1000;
  }
  std::vector<IpFamily> families_ = {IpFamily::ipv4, IpFamily::ipv6};
};

TEST_F(PoliciesTest, NoPolicyIsOpenAndDenyAllStillLetsAPodReachItself) {
  build(small_world());
  expect({"....", "....", "....", "...."});
  NetworkPolicy deny;
  deny.id = {"x", "deny"};
  deny.isolates_egress = true;
  police({deny});
  expect({".XXX", "X.XX", "XX.X", "XXX."});
  expect({".XXX", "X.XX", "XX.X", "XXX."}, 80, Protocol::udp);
  police({});
  expect({"....", "....", "....", "...."});
}

TEST_F(PoliciesTest, PodSelectorMeansTheNamespaceOfThePolicy) {
  build(small_world());
  auto policy = ingress_of("b");
  policy.ingress.push_back({{pods({{"pod", "a"}})}, {}, {}});
  police({policy});
  expect({"....", "....", ".X..", ".X.."});
}

TEST_F(PoliciesTest, NamespaceSelectorAndPodSelectorInOnePeerMustBothHold) {
  build(small_world());
  auto policy = ingress_of("b");
  PolicyPeer both = namespaces({{"ns", "y"}});
  both.pod_selector = LabelSelector{{{"pod", "a"}}, {}};
  policy.ingress.push_back({{both}, {}, {}});
  police({policy});
  expect({".X..", "....", ".X..", "...."});
  policy.ingress[0].peers = {namespaces({{"ns", "y"}}), pods({{"pod", "c"}})};
  police({policy});
  expect({".X..", "....", "....", "...."});
  policy.ingress[0].peers = {namespaces({})};
  police({policy});
  expect({"....", "....", "....", "...."});
}

TEST_F(PoliciesTest, EgressIsEnforcedAtTheSource) {
  build(small_world());
  auto policy = egress_of("a");
  policy.egress.push_back({{pods({{"pod", "c"}})}, {}, {}});
  police({policy});
  expect({".X.X", "....", "....", "...."});
}

TEST_F(PoliciesTest, BothEndsMustAllow) {
  build(small_world());
  auto out = egress_of("a");
  out.egress.push_back({{pods({{"pod", "b"}})}, {}, {}});
  auto in = ingress_of("b");
  in.ingress.push_back({{pods({{"pod", "c"}})}, {}, {}});
  police({out, in});
  expect({".XXX", "....", "....", ".X.."});
}

TEST_F(PoliciesTest, PoliciesAddUp) {
  build(small_world());
  auto one = ingress_of("b");
  one.ingress.push_back({{pods({{"pod", "a"}})}, {}, {}});
  auto two = one;
  two.id.name = "two";
  two.ingress[0].peers = {namespaces({{"ns", "y"}})};
  police({one, two});
  expect({"....", "....", ".X..", "...."});
}

TEST_F(PoliciesTest, PortsByNumberRangeNameAndProtocol) {
  build(small_world());
  auto policy = ingress_of("b");
  policy.ingress.push_back({{}, {port(81)}, {}});
  police({policy});
  expect({".X..", "....", ".X..", ".X.."}, 80);
  expect({"....", "....", "....", "...."}, 81);
  policy.ingress[0].ports = {port(79)};
  policy.ingress[0].ports[0].end_port = 80;
  police({policy});
  expect({"....", "....", "....", "...."}, 80);
  expect({".X..", "....", ".X..", ".X.."}, 81);
  policy.ingress[0].ports = {named("web")};
  police({policy});
  expect({"....", "....", "....", "...."}, 80);
  expect({".X..", "....", ".X..", ".X.."}, 81);
  expect({".X..", "....", ".X..", ".X.."}, 80, Protocol::udp);
  policy.ingress[0].ports = {named("web", Protocol::udp)};
  police({policy});
  expect({".X..", "....", ".X..", ".X.."}, 80);
  policy.ingress[0].ports = {{Protocol::udp, {}, {}, {}}};
  police({policy});
  expect({".X..", "....", ".X..", ".X.."}, 80);
  expect({"....", "....", "....", "...."}, 80, Protocol::udp);
  policy.ingress[0].ports = {port(80), port(80), {Protocol::tcp, Port{80}, Port{81}, {}}};
  police({policy});
  expect({"....", "....", "....", "...."}, 81);
}

TEST_F(PoliciesTest, ANamedPortOfAnEgressRuleIsThatOfEachDestination) {
  World world = small_world();
  world.pods[1].ports[0].name = "";
  world.pods[1].ports[1].name = "web";
  world.pods[2].ports[0].name = "";
  build(world);
  auto policy = egress_of("a");
  policy.egress.push_back({{}, {named("web")}, {}});
  police({policy});
  expect({".XX.", "....", "....", "...."}, 80);
  expect({"..XX", "....", "....", "...."}, 81);
}

TEST_F(PoliciesTest, BlocksWithExceptInBothFamilies) {
  build(small_world());
  families_ = {IpFamily::ipv4};
  auto policy = ingress_of("b");
  policy.ingress.push_back({{block("10.244.0.0/16", {address("x/a") + "/32"})}, {}, {}});
  police({policy});
  expect({".X..", "....", "....", "...."});
  policy.ingress[0].peers = {block("0.0.0.0/0", {address("x/a") + "/32", "10.244.0.0/16"})};
  police({policy});
  expect({".X..", "....", ".X..", ".X.."});
  policy.ingress[0].peers = {block("0.0.0.0/0")};
  police({policy});
  expect({"....", "....", "....", "...."});
  policy.ingress[0].peers = {block("10.0.0.0/8", {"10.0.0.0/8"})};
  police({policy});
  expect({".X..", "....", ".X..", ".X.."});
  families_ = {IpFamily::ipv6};
  policy.ingress[0].peers = {block("::/0", {address("x/a", IpFamily::ipv6) + "/128"})};
  police({policy});
  expect({".X..", "....", "....", "...."});
  families_ = {IpFamily::ipv4};
  expect({".X..", "....", ".X..", ".X.."});
}

TEST_F(PoliciesTest, ExpressionsHoldAsDocumentedForMissingKeys) {
  build(small_world());
  auto policy = ingress_of("b");
  const auto expression =
      [&](const std::string& key, SelectorOperator op, std::vector<std::string> values) {
        PolicyPeer peer;
        peer.pod_selector = LabelSelector{{}, {{key, op, std::move(values)}}};
        policy.ingress = {{{peer}, {}, {}}};
        police({policy});
      };
  expression("pod", SelectorOperator::in, {"a", "z"});
  expect({"....", "....", ".X..", ".X.."});
  expression("pod", SelectorOperator::not_in, {"a"});
  expect({".X..", "....", "....", ".X.."});
  expression("missing", SelectorOperator::not_in, {"a"});
  expect({"....", "....", "....", ".X.."});
  expression("missing", SelectorOperator::exists, {});
  expect({".X..", "....", ".X..", ".X.."});
  expression("missing", SelectorOperator::does_not_exist, {});
  expect({"....", "....", "....", ".X.."});
}

TEST_F(PoliciesTest, LabelsOfPodsAndNamespacesAreFollowed) {
  build(small_world());
  auto policy = ingress_of("b");
  policy.ingress.push_back(
      {{pods({{"role", "friend"}}), namespaces({{"role", "friends"}})}, {}, {}});
  police({policy});
  expect({".X..", "....", ".X..", ".X.."});
  apply({change_of(SetPodLabels{{"x", "a"}, {{"role", "friend"}}})});
  expect({"....", "....", ".X..", ".X.."});
  apply({change_of(SetNamespaceLabels{"y", {{"role", "friends"}}}),
         change_of(SetPodLabels{{"x", "b"}, {{"pod", "b"}, {"new", "label"}}})});
  expect({"....", "....", ".X..", "...."});
  apply({change_of(SetPodLabels{{"x", "b"}, {}})});
  expect({"....", "....", "....", "...."});
}

TEST_F(PoliciesTest, AReplyAlwaysReturnsAndOldConnectionsGiveNoFreeRide) {
  build(small_world());
  NetworkPolicy deny_out = egress_of("b");
  police({deny_out});
  EXPECT_EQ(reach("x/a", "x/b", 80, Protocol::udp), "connected");
  EXPECT_EQ(reach("x/b", "x/a", 80, Protocol::udp), "silence");
  // The same UDP ports again: an entry of connection tracking would let the second one pass.
  from_port_ = 40000;
  EXPECT_EQ(reach("x/a", "x/b", 80, Protocol::udp), "connected");
  police({ingress_of("b")});
  EXPECT_EQ(reach("x/a", "x/b", 80, Protocol::udp), "silence");
}

TEST_F(PoliciesTest, SctpRulesAreTakenAndLetNothingElseThrough) {
  build(small_world());
  auto policy = ingress_of("b");
  policy.ingress.push_back({{}, {port(80, Protocol::sctp), {Protocol::sctp, {}, {}, {}}}, {}});
  police({policy});
  expect({".X..", "....", ".X..", ".X.."});
}

TEST_F(PoliciesTest, RulesetsTooBigForOneTransactionAreStagedAndStillExact) {
  World world = small_world();
  build(world);
  auto policy = ingress_of("b");
  for (Port i = 0; i < 900; ++i) {
    policy.ingress.push_back(
        {{block("10.244.0.0/16", {address("x/a") + "/32"}), pods({{"pod", "nobody"}})},
         {port(static_cast<Port>(1000 + 2 * i)), port(80, Protocol::udp)},
         {}});
  }
  policy.ingress.push_back({{pods({{"pod", "c"}})}, {port(80)}, {}});
  police({policy});
  families_ = {IpFamily::ipv4};
  expect({".X..", "....", "....", ".X.."});
  police({});
  expect({"....", "....", "....", "...."});
}

}  // namespace
}  // namespace nettest
