// Every fault on a real kernel: its rulesets load, and what it does is undone by the right ones.
#include <gtest/gtest.h>

#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/local/private_world.hpp"
#include "suites/suite_reader.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

/// Something for every fault to get wrong.
constexpr const char* kPolicies = R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: many, namespace: x}
spec:
  podSelector: {matchExpressions: [{key: pod, operator: In, values: [a, b]}]}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - {namespaceSelector: {matchLabels: {ns: "y"}}, podSelector: {matchLabels: {pod: a}}}
        - {podSelector: {}}
        - {ipBlock: {cidr: 10.244.0.0/16, except: [10.244.1.0/24, 10.244.2.2/32]}}
        - {ipBlock: {cidr: 10.244.2.7/24}}
      ports: [{port: web}, {port: 80, protocol: UDP}, {port: 8000, endPort: 8100}, {protocol: SCTP}]
    - {}
  egress:
    - to: [{namespaceSelector: {}}, {ipBlock: {cidr: "::/0", except: ["fd00:10:244:1::/64"]}}]
      ports: [{port: web}, {protocol: UDP}]
    - ports: [{port: 53, protocol: UDP}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: "y"}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
)";

class FaultsTest : public PacketWorld {
 protected:
  void SetUp() override {
    PacketWorld::SetUp();
    if (IsSkipped()) {
      return;
    }
    fabric_.emplace(private_world()->folder + "/pods",
                    [this](const NodeInput& input) { return compile_(input); });
    World world = small_world();
    world.services.push_back(make_service("x/web", {}, {{"", 80, Protocol::tcp, Port{81}}}));
    world.services.back().selector.match_expressions = {{"pod", SelectorOperator::exists, {}}};
    build(world);
  }

  CompileNode compile_ = compile_node;
};

TEST_F(FaultsTest, LoadRulesetsThatTheKernelTakes) {
  const auto policies = read_policies_text(kPolicies, "policies.yaml");
  ASSERT_TRUE(policies) << to_string(policies.error().front());
  for (const Fault& fault : all_faults()) {
    SCOPED_TRACE(fault.name);
    compile_ = enforcement_with({&fault}).compile;
    ASSERT_TRUE(fabric_->reload());
    police(*policies);
    apply({change_of(SetPodLabels{pod_id("x/a"), {{"pod", "b"}}}),
           change_of(SetNamespaceLabels{"y", {{"ns", "z"}}})});
    police({policies->back()});
    apply({change_of(SetPodLabels{pod_id("x/a"), {{"pod", "a"}}}),
           change_of(SetNamespaceLabels{"y", {{"ns", "y"}}})});
    police({});
    compile_ = compile_node;
    ASSERT_TRUE(fabric_->reload());
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST_F(FaultsTest, ShowOnPacketsAndLeaveNothing) {
  serve();
  const auto policies = read_policies_text(kPolicies, "policies.yaml");
  ASSERT_TRUE(policies);
  patience_ms_ = 200;
  police({policies->back()});
  EXPECT_EQ(reach("x/a", "y/a"), "silence");
  compile_ = enforcement_with(*find_faults({"no-enforcement"})).compile;
  ASSERT_TRUE(fabric_->reload());
  EXPECT_EQ(reach("x/a", "y/a"), "connected");
  compile_ = compile_node;
  ASSERT_TRUE(fabric_->reload());
  EXPECT_EQ(reach("x/a", "y/a"), "silence");
}

}  // namespace
}  // namespace nettest
