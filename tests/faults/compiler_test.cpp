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

}  // namespace
}  // namespace nettest
