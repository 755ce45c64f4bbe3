// Policies that are edited, stacked and deleted; labels that come.
#include <utility>

#include "suites/catalogue/kubernetes_e2e.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});

std::vector<Case> labels() {
  return {kubernetes_case("namespace-updated",
                          "A namespace gets the label that lets its pods in.",
                          {{"ingress", "update"}, {"D2", "P5"}, {}},
                          {step("apply",
                                {apply(Policy("x", "allow-client-a-via-ns-selector", kA)
                                           .ingress({namespaces(labelled({{"ns2", "updated"}}))}))},
                                into_xa_only("")),
                           step("label y",
                                {relabel_namespace("y", {{"ns", "y"}, {"ns2", "updated"}})},
                                into_xa_only("allow y/* -> x/a"))}),
          kubernetes_case(
              "pod-updated",
              "A pod gets the label that lets it in.",
              {{"ingress", "update"}, {"D1", "P5"}, {}},
              {step("apply",
                    {apply(Policy("x", "allow-client-a-via-pod-selector", kA)
                               .ingress({pods(labelled({{"pod", "b"}, {"pod2", "updated"}}))}))},
                    into_xa_only("")),
               step("label x/b",
                    {relabel("x/b", {{"pod", "b"}, {"pod2", "updated"}})},
                    into_xa_only("allow x/b -> x/a"))}),
          kubernetes_case("target-updated",
                          "A pod gets the label that isolates it.",
                          {{"ingress", "update"}, {"D1", "I5"}, {}},
                          {step("apply",
                                {apply(Policy("x",
                                              "deny-ingress-via-label-selector",
                                              labelled({{"target", "isolated"}}))
                                           .shut(Direction::ingress))},
                                all_open()),
                           step("label x/a",
                                {relabel("x/a", {{"pod", "a"}, {"target", "isolated"}})},
                                into_xa_only(""))})};
}

std::vector<Case> policies() {
  const std::string mutating = "allow-all-mutate-to-deny-all";
  return {
      kubernetes_case("policy-updated",
                      "A policy that allowed all now denies all.",
                      {{"ingress", "update"}, {"D3"}, {}},
                      {step("apply", {apply(Policy("x", mutating).ingress())}, all_open()),
                       step("update",
                            {apply(Policy("x", mutating).shut(Direction::ingress))},
                            into_x_only(""))}),
      kubernetes_case(
          "policies-deleted",
          "Policies that are gone have no effect.",
          {{"ingress", "egress", "deny-all", "update"}, {"D4"}, {}},
          {step("apply",
                {apply(Policy("x", "deny-all").shut(Direction::ingress).shut(Direction::egress))},
                expecting({"allow */* -> *",
                           "deny */* -> x/*",
                           "deny x/* -> *",
                           "allow x/a -> x/a",
                           "allow x/b -> x/b",
                           "allow x/c -> x/c"})),
           step("delete", {unapply("x", "deny-all")}, all_open())}),
      kubernetes_case(
          "ingress-allow-all-wins",
          "A policy that allows all is added to one that allows a port.",
          {{"ingress", "stacked", "allow-all"}, {"I2", "P6"}, {}},
          {step("apply for 80",
                {apply(Policy("x", "allow-ingress-port-80").ingress({}, {tcp(80)}))},
                into_x_only("allow */* -> x/*:80/TCP")),
           step("apply for all", {apply(Policy("x", "allow-ingress").ingress())}, all_open())}),
      kubernetes_case(
          "egress-allow-all-wins",
          "The same for what goes out.",
          {{"egress", "stacked", "allow-all"}, {"I2", "P6"}, {}},
          {step("apply for 80",
                {apply(Policy("x", "allow-egress-port-80").egress({}, {tcp(80)}))},
                out_of_x_only("allow x/* -> *:80/TCP")),
           step("apply for all", {apply(Policy("x", "allow-egress").egress())}, all_open())}),
      kubernetes_case(
          "directions-are-independent",
          "Egress allowed by one policy, ingress denied by another, of the same pod.",
          {{"ingress", "egress", "stacked"}, {"I1", "I2"}, {}},
          {step("allow egress",
                {apply(Policy("x", "allow-egress-for-target", kA).egress())},
                all_open()),
           step(
               "deny ingress",
               {apply(Policy("x", "deny-ingress-via-label-selector", kA).shut(Direction::ingress))},
               into_xa_only(""))})};
}

}  // namespace

std::vector<Case> kubernetes_change_cases() {
  std::vector<Case> cases = labels();
  const auto more = policies();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace nettest::catalogue
