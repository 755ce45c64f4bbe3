// What happens to policies, pods, namespaces and labels while a policy is in force.
#include <utility>

#include "suites/catalogue/cyclonus.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

const Labels kPodB = {{"pod", "b"}};

std::vector<Expectation> base() {
  return shut_around_xa() + base_ingress() + base_egress();
}

Step apply_base() {
  return step("apply", {apply(base_policy())}, base());
}

NetworkPolicy from(Peers peers) {
  NetworkPolicy policy = base_policy();
  first_rule(policy, Direction::ingress).peers = std::move(peers);
  return policy;
}

Case policy_deleted() {
  return several_steps(
      "actions/policy-deleted",
      "A policy that is gone has no effect.",
      {{"create-policy", "delete-policy"}, {"D4"}, {}},
      {apply_base(), step("delete", {unapply("x", "base")}, expecting({"allow */* -> *"}))});
}

Case policy_updated() {
  NetworkPolicy updated = base_policy();
  first_rule(updated, Direction::ingress).ports = {named(Protocol::udp, "serve-81-udp")};
  return several_steps("actions/policy-updated",
                       "An edited policy says what it says now, and no longer what it said.",
                       {{"create-policy", "update-policy"}, {"D3", "O2"}, {}},
                       {apply_base(),
                        step("update",
                             {apply(updated)},
                             shut_around_xa() + base_egress() +
                                 expecting({"allow x/b x/c y/b y/c -> x/a:81/UDP"}))});
}

Case namespace_created() {
  return several_steps("actions/namespace-created",
                       "A namespace that comes after the policy is chosen by it like any other.",
                       {{"create-namespace", "delete-namespace"}, {"D2", "D7"}, {}},
                       {apply_base(),
                        step("create namespace y-2 with pods a and b",
                             {create(namespace_of("y-2", {{"ns", "y"}})),
                              create(pod_of("y-2/a", {{"pod", "a"}})),
                              create(pod_of("y-2/b", kPodB))},
                             base() + expecting({"allow y-2/b -> x/a:80/TCP",
                                                 "allow x/a -> y-2/a:80/TCP y-2/b:80/TCP"})),
                        step("delete namespace y-2", {remove_namespace("y-2")}, base())});
}

Case namespace_labelled() {
  const Labels with = {{"ns", "y"}, {"new-ns", "qrs"}};
  const auto nobody = shut_around_xa() + base_egress();
  return several_steps(
      "actions/namespace-labelled",
      "A namespace gets the label that lets its pods in, and loses it.",
      {{"set-namespace-labels"}, {"D2", "P5"}, {}},
      {step("apply", {apply(from({namespaces(labelled({{"new-ns", "qrs"}}))}))}, nobody),
       step("label y",
            {relabel_namespace("y", with)},
            nobody + expecting({"allow y/* -> x/a:80/TCP"})),
       step("take the label off", {relabel_namespace("y", {{"ns", "y"}})}, nobody)});
}

Case pod_created() {
  const auto with_d = base() + expecting({"deny x/d -> x/a", "deny x/a -> x/d"});
  return several_steps("actions/pod-created",
                       "A pod that no rule names stays outside.",
                       {{"create-pod", "delete-pod"}, {"D7"}, {}},
                       {apply_base(),
                        step("create x/d", {create(pod_of("x/d", {{"pod", "d"}}))}, with_d),
                        step("delete x/d", {remove_pod("x/d")}, base())});
}

Case pod_labelled() {
  const auto nobody = shut_around_xa() + base_egress();
  const LabelSelector y_and_z = in("ns", {"y", "z"});
  return several_steps(
      "actions/pod-labelled",
      "A pod gets the label that lets it in, and loses it.",
      {{"set-pod-labels"}, {"D1", "P5"}, {}},
      {step("apply", {apply(from({pods_in(y_and_z, labelled({{"new-label", "abc"}}))}))}, nobody),
       step("label y/b",
            {relabel("y/b", {{"pod", "b"}, {"new-label", "abc"}})},
            nobody + expecting({"allow y/b -> x/a:80/TCP"})),
       step("take the label off", {relabel("y/b", kPodB)}, nobody)});
}

}  // namespace

std::vector<Case> actions_cases() {
  return {policy_deleted(),
          policy_updated(),
          namespace_created(),
          namespace_labelled(),
          pod_created(),
          pod_labelled()};
}

}  // namespace nettest::catalogue
