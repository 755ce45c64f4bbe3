// The cases that cyclonus took over from an older version of the Kubernetes e2e suite.
#include <utility>

#include "suites/catalogue/cyclonus.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const std::string kPrefix = "upstream-e2e/";

Case upstream(const std::string& name,
              std::string reason,
              Words tags,
              Words detects,
              std::vector<Step> steps) {
  tags.insert(tags.begin(), "upstream-e2e");
  return several_steps(kPrefix + name,
                       std::move(reason),
                       {std::move(tags), std::move(detects), {}},
                       std::move(steps));
}

std::vector<Case> denials() {
  return {
      upstream("default-deny-ingress",
               "Nothing comes into a namespace.",
               {"ingress", "deny-all"},
               {"P6", "I1"},
               {step("apply",
                     {apply(Policy("x", "deny-ingress").shut(Direction::ingress))},
                     expecting({"allow */* -> *", "deny */* -> x/*"}) + pods_of_x_themselves())}),
      upstream(
          "default-deny-all",
          "Nothing comes in, and nothing but DNS goes out.",
          {"deny-all"},
          {"P6", "I1"},
          {step("apply",
                {apply(Policy("x", "deny-all-allow-dns").shut(Direction::ingress).egress_to_dns())},
                expecting({"allow */* -> *", "deny */* -> x/*", "deny x/* -> *"}) +
                    pods_of_x_themselves())}),
      upstream("pods-and-namespaces-by-expression",
               "NotIn for namespaces and In for pods, in one peer.",
               {},
               {"P1", "P3"},
               {step("apply",
                     {apply(Policy("x", "allow-ns-y-z-pod-b-c", kA)
                                .ingress({pods_in(not_in("ns", {"x"}), in("pod", {"b", "c"}))}))},
                     into_xa_only("allow y/b y/c z/b z/c -> x/a"))})};
}

std::vector<Case> ports() {
  const Peers y = {namespaces(labelled({{"ns", "y"}}))};
  const auto only81 = into_xa_only("allow y/* -> x/a:81/TCP");
  const Policy named_port =
      Policy("x", "allow-all").ingress({}, {named(Protocol::tcp, "serve-81-tcp")});
  Step first =
      step("apply, port 81 of TCP", {apply(named_port)}, expecting({"allow */* -> *:81/TCP"}));
  MatrixSpec matrix;
  matrix.ports = {81};
  matrix.protocols = {Protocol::tcp};
  first.probes = {ProbeSpec{matrix, {}}};
  return {
      upstream(
          "stacked-policies",
          "A second policy adds to what the first allows.",
          {},
          {"I2"},
          {step("apply for 81",
                {apply(Policy("x", "allow-client-a-via-ns-selector-81", kA).ingress(y, {tcp(81)}))},
                only81),
           step("nothing changes", {}, only81),
           step("apply for 80",
                {apply(Policy("x", "allow-client-a-via-ns-selector-80", kA).ingress(y, {tcp(80)}))},
                only81 + expecting({"allow y/* -> x/a:80/TCP"}))}),
      upstream("allow-all",
               "An empty rule opens a namespace that is isolated.",
               {"allow-all"},
               {"P6"},
               {step("apply", {apply(Policy("x", "allow-all").ingress())}, all_open()),
                step("nothing changes", {}, all_open())}),
      upstream("one-named-port",
               "One port is open by its name; its neighbour is not.",
               {"ingress", "named-port"},
               {"O2"},
               {std::move(first),
                step("every port",
                     {},
                     expecting({"allow */* -> *", "deny */* -> x/*", "allow */* -> x/*:81/TCP"}) +
                         pods_of_x_themselves())})};
}

std::vector<Case> updates() {
  const std::string mutating = "allow-all-mutate-to-deny-all";
  return {
      upstream("policy-updated",
               "A policy that allowed all now denies all.",
               {},
               {"D3"},
               {step("apply", {apply(Policy("x", mutating).ingress())}, all_open()),
                step("update",
                     {apply(Policy("x", mutating).shut(Direction::ingress))},
                     expecting({"allow */* -> *", "deny */* -> x/*"}) + pods_of_x_themselves())}),
      upstream("namespace-updated",
               "A namespace gets the label that lets its pods in.",
               {},
               {"D2", "P5"},
               {step("apply",
                     {apply(Policy("x", "allow-client-a-via-ns-selector", kA)
                                .ingress({namespaces(labelled({{"ns2", "updated"}}))}))},
                     into_xa_only("")),
                step("label y",
                     {relabel_namespace("y", {{"ns", "y"}, {"ns2", "updated"}})},
                     into_xa_only("allow y/* -> x/a"))}),
      upstream("pod-updated",
               "A pod gets the label that lets it in.",
               {},
               {"D1", "P5"},
               {step("apply",
                     {apply(Policy("x", "allow-client-a-via-pod-selector", kA)
                                .ingress({pods(labelled({{"pod", "b"}, {"pod2", "updated"}}))}))},
                     into_xa_only("")),
                step("label x/b",
                     {relabel("x/b", {{"pod", "b"}, {"pod2", "updated"}})},
                     into_xa_only("allow x/b -> x/a"))}),
      upstream("target-updated",
               "A pod gets the label that isolates it.",
               {},
               {"D1", "I5"},
               {step("apply",
                     {apply(Policy("x",
                                   "deny-ingress-via-label-selector",
                                   labelled({{"target", "isolated"}}))
                                .shut(Direction::ingress))},
                     all_open()),
                step("label x/a", {relabel("x/a", {{"target", "isolated"}})}, into_xa_only(""))})};
}

std::vector<Case> both_ends() {
  const LabelSelector ns_x = labelled({{"ns", "x"}});
  const LabelSelector ns_y = labelled({{"ns", "y"}});
  const auto together =
      shut_around_xa() +
      expecting({"allow x/a -> *:80/TCP", "allow x/b -> x/a", "allow x/a -> x/a"});
  return {
      upstream("ingress-and-egress-together",
               "One policy isolates both directions.",
               {},
               {"I1"},
               {step("apply",
                     {apply(Policy("x", "allow-client-a-via-pod-selector", kA)
                                .ingress({pods(labelled({{"pod", "b"}}))})
                                .egress({}, {tcp(80), udp(53)}))},
                     together),
                step("nothing changes", {}, together)}),
      upstream(
          "egress-denied-at-the-client",
          "What the server allows, the client may still be denied.",
          {"conflict"},
          {"I3"},
          {step("apply",
                {apply(Policy("x", "allow-to-ns-y-pod-a", kA)
                           .egress({pods_in(ns_y, kA)})
                           .egress({}, {udp(53)})),
                 apply(Policy("y", "allow-from-xa-on-ya-match-selector", kA)
                           .ingress({pods_in(ns_x, kA)})),
                 apply(Policy("y", "allow-from-xa-on-yb-match-selector", labelled({{"pod", "b"}}))
                           .ingress({pods_in(ns_x, kA)}))},
                expecting({"allow */* -> *",
                           "deny x/a -> *",
                           "deny */* -> y/a y/b",
                           "allow x/a -> x/a y/a",
                           "allow y/a -> y/a",
                           "allow y/b -> y/b"}))}),
      upstream(
          "policy-deleted",
          "A policy that is gone has no effect.",
          {"deny-all", "delete-policy"},
          {"D4"},
          {step("apply",
                {apply(Policy("x", "deny-all").shut(Direction::ingress).shut(Direction::egress))},
                expecting({"allow */* -> *", "deny */* -> x/*", "deny x/* -> *"}) +
                    pods_of_x_themselves()),
           step("delete", {unapply("x", "deny-all")}, all_open())})};
}

}  // namespace

std::vector<Case> upstream_e2e_cases() {
  std::vector<Case> cases;
  for (auto& part : {denials(), ports(), updates(), both_ends()}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
