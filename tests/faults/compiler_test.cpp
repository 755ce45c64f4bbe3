// Faults beside the compiler: none where none is asked for, and each of them where it is.
#include <gtest/gtest.h>

#include "harness/local/faults/faulty_compiler.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {
namespace {

World world_of_four() {
  World world;
  for (const char* name : {"x", "y"}) {
    world.namespaces.push_back(
        {name, {{"kubernetes.io/metadata.name", name}, {"ns", name}}, false, {}});
    for (const char* pod : {"a", "b"}) {
      Pod made;
      made.id = {name, pod};
      made.labels = {{"pod", pod}};
      made.ports = {{"web", 80, Protocol::tcp, Serve::plain}};
      world.pods.push_back(made);
    }
  }
  return with_cluster_dns(world);
}

NetworkPolicy only_from_y_b() {
  NetworkPolicy policy;
  policy.id = {"x", "only-y-b"};
  policy.pod_selector.match_labels = {{"pod", "a"}};
  PolicyPeer peer;
  peer.namespace_selector.emplace().match_labels = {{"ns", "y"}};
  peer.pod_selector.emplace().match_labels = {{"pod", "b"}};
  policy.ingress = {{{peer}, {}, {}}};
  return policy;
}

using Plain = NftProgram (*)(const NodeInput&);

TEST(FaultyCompiler, IsNotThereWhenNoFaultIsChosen) {
  const Enforcement enforcement = enforcement_with({});
  const Plain* const function = enforcement.compile.target<Plain>();
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(*function, &compile_node);
  EXPECT_FALSE(enforcement.overdue);
}

TEST(FaultyCompiler, SaysWhichNamesAreNoFaults) {
  const auto found = find_faults({"ignore-except", "ignore-policytypes", "nonsense-of-mine"});
  ASSERT_FALSE(found);
  ASSERT_EQ(found.error().size(), 2U);
  EXPECT_EQ(found.error()[0].message,
            "there is no fault \"ignore-policytypes\", did you mean \"ignore-policy-types\"? "
            "`nettest faults` lists them");
  EXPECT_EQ(found.error()[0].kind, ErrorKind::usage);
}

std::string program_with(const std::vector<std::string>& names) {
  const ClusterState state{world_of_four(), {only_from_y_b()}};
  const AddressBook addresses = assign_local_addresses(state.world);
  const auto faults = find_faults(names);
  return enforcement_with(*faults).compile({state, addresses, "n1", 1}).text();
}

TEST(FaultyCompiler, ChangesNothingWhereAFaultFindsNothingToDo) {
  EXPECT_EQ(program_with({"ignore-except"}), program_with({}));
  EXPECT_EQ(program_with({"endport-ignored", "named-port-union"}), program_with({}));
}

TEST(FaultyCompiler, CommitsSeveralFaultsAtOnce) {
  const std::string one = program_with({"namespace-and-pod-as-or"});
  const std::string two = program_with({"namespace-and-pod-as-or", "ipv6-not-enforced"});
  EXPECT_NE(one, program_with({}));
  EXPECT_NE(two, one);
  EXPECT_EQ(program_with({"no-enforcement", "ignore-policy-types"}),
            program_with({"no-enforcement"}));
}

TEST(FaultyCompiler, FollowsAChangeOnlyOnce) {
  const auto faults = find_faults({"one-change-behind"});
  const Enforcement behind = enforcement_with(*faults);
  const ClusterState bare{world_of_four(), {}};
  const ClusterState policed{bare.world, {only_from_y_b()}};
  const AddressBook addresses = assign_local_addresses(bare.world);
  EXPECT_EQ(behind.compile({bare, addresses, "n1", 1}).text(),
            compile_node({bare, addresses, "n1", 1}).text());
  EXPECT_EQ(behind.compile({policed, addresses, "n1", 2}).text(),
            compile_node({bare, addresses, "n1", 2}).text());
  EXPECT_EQ(behind.compile({policed, addresses, "n1", 2}).text(),
            compile_node({bare, addresses, "n1", 2}).text());
  EXPECT_EQ(behind.compile({policed, addresses, "n1", 3}).text(),
            compile_node({policed, addresses, "n1", 3}).text());
}

NetworkPolicy of_many_kinds() {
  NetworkPolicy policy = only_from_y_b();
  policy.id.name = "many";
  policy.isolates_egress = true;
  PolicyPeer block;
  block.ip_block = IpBlock{{"10.244.0.0/16", Cidr::parse("10.244.0.0/16"), {}},
                           {{"10.244.2.0/24", Cidr::parse("10.244.2.0/24"), {}}}};
  PolicyPort named;
  named.port = std::string("web");
  PolicyPort range;
  range.port = Port{80};
  range.end_port = Port{90};
  policy.ingress.push_back({{block}, {named, range}, {}});
  policy.egress = {{{}, {range}, {}}};
  return policy;
}

/// What a fault makes of two moments on both nodes, with or without the right compilation at hand.
std::string history_with(const Fault& fault, bool right_at_hand) {
  const Enforcement enforcement = enforcement_with({&fault});
  ClusterState state{world_of_four(), {}};
  std::string text;
  for (unsigned generation = 1; generation <= 3; ++generation) {
    if (generation == 2) {
      state.policies = {only_from_y_b(), of_many_kinds()};
    } else if (generation == 3) {
      state.world.pods.front().labels = {{"pod", "other"}};
      state.policies.pop_back();
    }
    const AddressBook addresses = assign_local_addresses(state.world);
    for (const auto& [node, ips] : addresses.nodes) {
      const CompiledNode right = compile_in_stages({state, addresses, node, generation});
      text += enforcement
                  .compile({state, addresses, node, generation, right_at_hand ? &right : nullptr})
                  .text();
    }
  }
  return text;
}

TEST(FaultyCompiler, MakesTheSameWithTheRightCompilationAtHand) {
  for (const Fault& fault : all_faults()) {
    EXPECT_EQ(history_with(fault, true), history_with(fault, false)) << fault.name;
  }
}

TEST(FaultyCompiler, IsNotInTheRightCompilationEither) {
  const ClusterState state{world_of_four(), {only_from_y_b(), of_many_kinds()}};
  const AddressBook addresses = assign_local_addresses(state.world);
  const CompiledNode stages = compile_in_stages({state, addresses, "n1", 7});
  EXPECT_EQ(stages.program.text(), compile_node({state, addresses, "n1", 7}).text());
  EXPECT_EQ(enforcement_with({}).compile({state, addresses, "n1", 7, &stages}).text(),
            stages.program.text());
  EXPECT_EQ(program_with({}),
            compile_node({ClusterState{world_of_four(), {only_from_y_b()}},
                          assign_local_addresses(world_of_four()),
                          "n1",
                          1})
                .text());
}

}  // namespace
}  // namespace nettest
