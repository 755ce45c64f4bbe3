#include "suites/change.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

Pod pod(const std::string& ns, const std::string& name, Labels labels = {}) {
  Pod made;
  made.id = {ns, name};
  made.labels = std::move(labels);
  return made;
}

NetworkPolicy policy(const std::string& ns, const std::string& name) {
  NetworkPolicy made;
  made.id = {ns, name};
  return made;
}

Service service(const std::string& ns, const std::string& name) {
  Service made;
  made.id = {ns, name};
  return made;
}

Namespace name_space(const std::string& name, Labels labels = {}) {
  labels["kubernetes.io/metadata.name"] = name;
  return {name, std::move(labels), false, {}};
}

ClusterState small_state() {
  ClusterState state;
  state.world.namespaces = {name_space("x"), name_space("y", {{"team", "b"}})};
  state.world.pods = {pod("x", "a", {{"app", "web"}}), pod("y", "b")};
  state.world.services = {service("x", "web")};
  state.policies = {policy("x", "p"), policy("y", "q")};
  return state;
}

std::string outcome(ClusterState& state, decltype(Change::action) action) {
  const auto made = apply_change(state, {std::move(action), {"s.yaml", 3, 5}});
  return made ? "made" : to_string(made.error());
}

TEST(ApplyChange, ReplacesAPolicyInItsPlace) {
  auto state = small_state();
  auto changed = policy("x", "p");
  changed.isolates_egress = true;
  EXPECT_EQ(outcome(state, ApplyPolicy{changed}), "made");
  ASSERT_EQ(state.policies.size(), 2U);
  EXPECT_TRUE(state.policies[0].isolates_egress);
  EXPECT_EQ(outcome(state, ApplyPolicy{policy("x", "r")}), "made");
  EXPECT_EQ(to_string(state.policies[2].id), "x/r");
}

TEST(ApplyChange, DeletesANamespaceWithEverythingInIt) {
  auto state = small_state();
  EXPECT_EQ(outcome(state, DeleteNamespace{"x"}), "made");
  EXPECT_EQ(state.world.namespaces.size(), 1U);
  EXPECT_EQ(state.world.pods.size(), 1U);
  EXPECT_TRUE(state.world.services.empty());
  ASSERT_EQ(state.policies.size(), 1U);
  EXPECT_EQ(to_string(state.policies[0].id), "y/q");
}

TEST(ApplyChange, KeepsTheNameLabelOfANamespace) {
  auto state = small_state();
  EXPECT_EQ(outcome(state, SetNamespaceLabels{"y", {{"team", "c"}}}), "made");
  const Labels wanted = {{"kubernetes.io/metadata.name", "y"}, {"team", "c"}};
  EXPECT_EQ(state.world.namespaces[1].labels, wanted);
  EXPECT_EQ(outcome(state, CreateNamespace{{"z", {}, false, {}}}), "made");
  EXPECT_EQ(state.world.namespaces[2].labels.count("kubernetes.io/metadata.name"), 1U);
}

TEST(ApplyChange, RefusesWhatTheApiServerRefuses) {
  auto state = small_state();
  state.world.namespaces.push_back(name_space("default"));
  const auto refused = [&](decltype(Change::action) action, const std::string& why) {
    EXPECT_EQ(outcome(state, std::move(action)), "s.yaml:3:5: " + why);
  };
  refused(ApplyPolicy{policy("xx", "p")},
          "apply NetworkPolicy xx/p: there is no namespace xx, did you mean \"x\"?");
  refused(DeletePolicy{{"x", "q"}}, "delete NetworkPolicy x/q: there is no NetworkPolicy x/q");
  refused(SetPodLabels{{"x", "b"}, {{"k", "v"}}},
          "set the labels of pod x/b: k=v: there is no pod x/b");
  refused(SetNamespaceLabels{"q9z", {}},
          "set the labels of namespace q9z: none: there is no namespace q9z");
  refused(CreatePod{pod("x", "a")}, "create pod x/a: pod x/a is there already");
  refused(CreatePod{pod("n9z", "a")}, "create pod n9z/a: there is no namespace n9z");
  refused(DeletePod{{"y", "a"}}, "delete pod y/a: there is no pod y/a");
  refused(CreateNamespace{name_space("x")}, "create namespace x: namespace x is there already");
  refused(DeleteNamespace{"default"},
          "delete namespace default: namespace default may not be deleted, no cluster allows it");
  refused(CreateService{service("x", "web")},
          "create service x/web: service x/web is there already");
  refused(DeleteService{{"y", "web"}}, "delete service y/web: there is no service y/web");
}

std::string all(const std::vector<Change>& changes) {
  std::string text;
  for (const auto& change : changes) {
    text += describe(change) + "\n";
  }
  return text;
}

TEST(Difference, OfAStateToItselfIsNothing) {
  EXPECT_EQ(all(difference(small_state(), small_state())), "");
}

TEST(Difference, LeadsFromOneStateToTheOtherInAPossibleOrder) {
  const auto from = small_state();
  ClusterState to;
  to.world.namespaces = {name_space("y", {{"team", "c"}}), name_space("z")};
  to.world.pods = {pod("y", "b", {{"app", "b"}}), pod("z", "c")};
  to.world.services = {service("z", "web")};
  to.policies = {policy("y", "q"), policy("z", "r")};
  to.policies[0].isolates_ingress = false;
  const auto changes = difference(from, to);
  EXPECT_EQ(all(changes),
            "delete NetworkPolicy x/p\n"
            "delete service x/web\n"
            "delete pod x/a\n"
            "set the labels of pod y/b: app=b\n"
            "delete namespace x\n"
            "set the labels of namespace y: team=c\n"
            "create namespace z\n"
            "create pod z/c\n"
            "create service z/web\n"
            "apply NetworkPolicy y/q\n"
            "apply NetworkPolicy z/r\n");
  auto state = from;
  for (const auto& change : changes) {
    EXPECT_TRUE(apply_change(state, change)) << describe(change);
  }
  EXPECT_EQ(all(difference(state, to)), "");
}

TEST(Difference, ReplacesAPodWhoseSpecDiffers) {
  const auto from = small_state();
  auto to = from;
  to.world.pods[0].ports.push_back({"http", 80, Protocol::tcp, Serve::http});
  EXPECT_EQ(all(difference(from, to)), "delete pod x/a\ncreate pod x/a\n");
}

}  // namespace
}  // namespace nettest
