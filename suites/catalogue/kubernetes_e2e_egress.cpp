// What may go out, by pods, ports and address blocks; and both directions together.
#include <utility>

#include "suites/catalogue/kubernetes_e2e.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const LabelSelector kB = labelled({{"pod", "b"}});
constexpr const char* kOutOfA = "allow-client-a-via-cidr-egress-rule";

std::vector<Case> denials() {
  return {
      kubernetes_case("deny-egress-of-pod",
                      "Nothing goes out of one pod; its neighbours are free.",
                      {{"egress", "deny-all"}, {"I1", "I5"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-egress-pod-a", kA).shut(Direction::egress))},
                            out_of_xa_only(""))}),
      kubernetes_case("deny-egress-of-namespace",
                      "Nothing goes out of a namespace.",
                      {{"egress", "deny-all"}, {"I1", "P6"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-egress-ns-x").shut(Direction::egress))},
                            out_of_x_only(""))}),
      kubernetes_case("egress-on-named-port",
                      "One port by its name, which the destination gives a number.",
                      {{"egress", "named-port"}, {"O2"}, {}},
                      {step("apply",
                            {apply(Policy("x", "allow-egress")
                                       .egress({}, {named(Protocol::tcp, "serve-80-tcp")}))},
                            out_of_x_only("allow x/* -> *:80/TCP"))}),
      kubernetes_case("egress-to-pod-of-namespace",
                      "One pod of one other namespace.",
                      {{"egress", "peers"}, {"P1", "P4"}, {}},
                      {step("apply",
                            {apply(Policy("x", "allow-to-ns-y-pod-a", kA)
                                       .egress({pods_in(namespace_named("y"), kA)}))},
                            out_of_xa_only("allow x/a -> y/a"))}),
      kubernetes_case(
          "egress-by-default-label",
          "Every namespace but one, by the label that every namespace has.",
          {{"egress", "peers"}, {"P3", "D9"}, {}},
          {step("apply",
                {apply(Policy("x", "allow-ns-y-match-selector-for-immutable-ns-label", kA)
                           .egress({namespaces(not_in("kubernetes.io/metadata.name", {"y"}))}))},
                out_of_xa_only("allow x/a -> x/* z/*"))})};
}

std::vector<Case> both_ends() {
  return {kubernetes_case("ingress-and-egress-together",
                          "One policy isolates both directions.",
                          {{"ingress", "egress"}, {"I1"}, {}},
                          {step("apply",
                                {apply(Policy("x", "allow-client-a-via-pod-selector", kA)
                                           .ingress({pods(kB)})
                                           .egress({}, {tcp(80)}))},
                                expecting({"allow */* -> *",
                                           "deny x/a -> *",
                                           "deny */* -> x/a",
                                           "allow x/a -> *:80/TCP",
                                           "allow x/a x/b -> x/a"}))}),
          kubernetes_case("egress-denied-at-the-client",
                          "What the server allows, the client may still be denied.",
                          {{"ingress", "egress"}, {"I3"}, {}},
                          {step("apply",
                                {apply(Policy("x", "allow-to-ns-y-pod-a", kA)
                                           .egress({pods_in(namespace_named("y"), kA)})),
                                 apply(Policy("y", "allow-from-xa-on-ya-match-selector", kA)
                                           .ingress({pods_in(namespace_named("x"), kA)})),
                                 apply(Policy("y", "allow-from-xa-on-yb-match-selector", kB)
                                           .ingress({pods_in(namespace_named("x"), kA)}))},
                                expecting({"allow */* -> *",
                                           "deny x/a -> *",
                                           "deny */* -> y/a y/b",
                                           "allow x/a -> x/a y/a",
                                           "allow y/a -> y/a",
                                           "allow y/b -> y/b"}))})};
}

std::vector<Case> blocks() {
  const Policy all_but_xb =
      Policy("x", kOutOfA, kA).egress({block("$(ip x/a)/4", {"$(ip x/b)/32"})});
  const auto but_xb = expecting({"allow */* -> *", "deny x/a -> x/b"});
  return {kubernetes_case("egress-to-block",
                          "The address of one pod; no other is reached.",
                          {{"egress", "ip-block"}, {"B4", "B5"}, {}},
                          {step("apply",
                                {apply(Policy("x", kOutOfA, kA).egress({block("$(ip y/b)/32")}))},
                                out_of_xa_only("allow x/a -> y/b"))}),
          kubernetes_case("egress-but-except",
                          "A wide block, without the address of one pod.",
                          {{"egress", "ip-block", "except"}, {"B1", "B5"}, {}},
                          {step("apply", {apply(all_but_xb)}, but_xb)}),
          kubernetes_case("egress-except-then-allowed",
                          "The address that was excepted is allowed by an edit of the policy.",
                          {{"egress", "ip-block", "except", "update"}, {"B1", "B2", "D3"}, {}},
                          {step("apply", {apply(all_but_xb)}, but_xb),
                           step("update",
                                {apply(Policy("x", kOutOfA, kA).egress({block("$(ip x/b)/32")}))},
                                out_of_xa_only("allow x/a -> x/b"))})};
}

}  // namespace

std::vector<Case> kubernetes_egress_cases() {
  std::vector<Case> cases = denials();
  for (const auto& part : {both_ends(), blocks()}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
