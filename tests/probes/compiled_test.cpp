// Grouping and compiled rules.
#include "probes/simulator/compiled.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

ClusterState two_namespaces() {
  ClusterState state;
  state.world.namespaces = {{"x", {{"ns", "x"}}, false, {}}, {"y", {{"ns", "y"}}, false, {}}};
  for (const char* ns : {"x", "y"}) {
    for (const char* name : {"a", "b", "c"}) {
      Pod pod;
      pod.id = {ns, name};
      pod.labels = {{"pod", name}, {"noise", std::string(ns) + name}};
      pod.ports = {{"web", name == std::string("a") ? Port{80} : Port{81}, Protocol::tcp, {}}};
      state.world.pods.push_back(pod);
    }
  }
  return state;
}

AddressBook addresses() {
  AddressBook book;
  std::uint32_t next = 0x0A000001;
  for (const char* ns : {"x", "y"}) {
    for (const char* name : {"a", "b", "c"}) {
      book.pods[{ns, name}] = {IpAddress::from_ipv4(next++)};
    }
  }
  return book;
}

IpBlock block(const char* cidr, const std::vector<const char*>& except = {}) {
  IpBlock made{{cidr, Cidr::parse(cidr), {}}, {}};
  for (const char* text : except) {
    made.except.push_back({text, Cidr::parse(text), {}});
  }
  return made;
}

std::vector<std::string> names(const CompiledPolicies& compiled,
                               const World& world,
                               const GroupSet& set) {
  std::vector<std::string> found;
  for_each(set, [&](GroupIndex group) {
    for (const PodIndex pod : compiled.groups().members(group)) {
      found.push_back(to_string(world.pods[pod].id));
    }
  });
  return found;
}

using Names = std::vector<std::string>;

TEST(Groups, AreOneWhereNothingAsks) {
  const ClusterState state = two_namespaces();
  EXPECT_EQ(CompiledPolicies(state, addresses()).groups().size(), 1U);
  EXPECT_EQ(CompiledPolicies(state, addresses(), {.merge = false}).groups().size(), 6U);
}

TEST(Groups, TellApartWhatSelectorsAskFor) {
  ClusterState state = two_namespaces();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  policy.pod_selector.match_labels = {{"pod", "a"}};
  state.policies = {policy};
  // x/a, the rest of x, the pods a of namespaces without policies, all others.
  EXPECT_EQ(CompiledPolicies(state, addresses()).groups().size(), 4U);
}

TEST(CompiledPolicies, AdmitBySelectorAndByNamespace) {
  ClusterState state = two_namespaces();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  policy.pod_selector.match_labels = {{"pod", "a"}};
  PolicyPeer both;
  both.namespace_selector = LabelSelector{{{"ns", "y"}}, {}};
  both.pod_selector = LabelSelector{{{"pod", "b"}}, {}};
  PolicyPeer own_namespace;
  own_namespace.pod_selector = LabelSelector{{{"pod", "c"}}, {}};
  policy.ingress = {{{both, own_namespace}, {}, {}}};
  state.policies = {policy};
  const CompiledPolicies compiled(state, addresses());
  const auto& groups = compiled.groups();
  const GroupIndex x_a = groups.group_of(*groups.find({"x", "a"}));
  EXPECT_EQ(names(compiled, state.world, compiled.policies()[0].targets), Names{"x/a"});
  EXPECT_EQ(names(compiled, state.world, compiled.admitted(Direction::ingress, x_a, {})),
            (Names{"x/c", "y/b"}));
  EXPECT_EQ(compiled.admitted(Direction::egress, x_a, {}), groups.all());
  EXPECT_EQ(compiled.isolated(Direction::ingress).cardinality(), 1U);
  EXPECT_TRUE(compiled.isolated(Direction::egress).isEmpty());
}

TEST(CompiledPolicies, SplitGroupsAtTheEdgesOfBlocks) {
  ClusterState state = two_namespaces();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  PolicyPeer peer;
  peer.ip_block = block("10.0.0.0/29", {"10.0.0.2/31"});
  policy.ingress = {{{peer}, {}, {}}};
  state.policies = {policy};
  const CompiledPolicies compiled(state, addresses());
  const auto& rule = compiled.policies()[0].ingress[0];
  EXPECT_EQ(names(compiled, state.world, rule.in_blocks[0]), (Names{"x/a", "y/a", "y/b", "y/c"}));
  EXPECT_TRUE(rule.in_blocks[1].isEmpty());
  EXPECT_TRUE(rule.selected.isEmpty());
}

TEST(CompiledPolicies, LookUpPortNamesInTheDestination) {
  ClusterState state = two_namespaces();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  policy.isolates_ingress = false;
  policy.isolates_egress = true;
  policy.egress = {{{}, {{Protocol::tcp, "web", {}, {}}}, {}}};
  state.policies = {policy};
  const CompiledPolicies compiled(state, addresses());
  const GroupIndex x_b = compiled.groups().group_of(*compiled.groups().find({"x", "b"}));
  const auto reached = [&](Flow flow) {
    return names(compiled, state.world, compiled.admitted(Direction::egress, x_b, flow));
  };
  EXPECT_EQ(reached({Protocol::tcp, 80, IpFamily::ipv4}), (Names{"x/a", "y/a"}));
  EXPECT_EQ(reached({Protocol::tcp, 81, IpFamily::ipv4}), (Names{"x/b", "x/c", "y/b", "y/c"}));
  EXPECT_EQ(reached({Protocol::udp, 80, IpFamily::ipv4}), Names{});
}

TEST(CompiledPolicies, TakeRangesWithBothEnds) {
  ClusterState state = two_namespaces();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  policy.ingress = {{{}, {{Protocol::tcp, Port{80}, Port{90}, {}}}, {}}};
  state.policies = {policy};
  const CompiledPolicies compiled(state, addresses());
  const GroupIndex x_a = compiled.groups().group_of(*compiled.groups().find({"x", "a"}));
  for (const auto& [port, open] : std::vector<std::pair<Port, bool>>{
           {79, false}, {80, true}, {85, true}, {90, true}, {91, false}}) {
    EXPECT_EQ(!compiled.admitted(Direction::ingress, x_a, {Protocol::tcp, port, {}}).isEmpty(),
              open)
        << port;
  }
}

TEST(CompiledPolicies, KnowNamespacesThatAreOnlyMentioned) {
  ClusterState state = two_namespaces();
  state.world.namespaces.clear();
  NetworkPolicy policy;
  policy.id = {"x", "p"};
  PolicyPeer peer;
  peer.namespace_selector = LabelSelector{{{"kubernetes.io/metadata.name", "y"}}, {}};
  policy.ingress = {{{peer}, {}, {}}};
  state.policies = {policy};
  const CompiledPolicies compiled(state, addresses());
  EXPECT_EQ(names(compiled, state.world, compiled.policies()[0].ingress[0].selected),
            (Names{"y/a", "y/b", "y/c"}));
}

}  // namespace
}  // namespace nettest
