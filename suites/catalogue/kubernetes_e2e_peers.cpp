// Default denials, and who may come in.
#include <utility>

#include "suites/catalogue/kubernetes_e2e.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const LabelSelector kB = labelled({{"pod", "b"}});
constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

/// One policy for x/a with one ingress rule.
Case into_a(const std::string& name,
            std::string reason,
            Words detects,
            Peers from,
            std::string_view allowed) {
  return kubernetes_case(name,
                         std::move(reason),
                         {{"ingress", "peers"}, std::move(detects), {}},
                         {step("apply",
                               {apply(Policy("x", name, kA).ingress(std::move(from)))},
                               into_xa_only(allowed))});
}

std::vector<Case> denials() {
  return {
      kubernetes_case("default-deny-ingress",
                      "Nothing comes into a namespace.",
                      {{"ingress", "deny-all", "tcp"}, {"P6", "I1"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-ingress").shut(Direction::ingress))},
                            into_x_only(""))}),
      kubernetes_case(
          "default-deny-all",
          "Nothing comes into a namespace, and nothing goes out.",
          {{"ingress", "egress", "deny-all"}, {"P6", "I1"}, {}},
          {step("apply",
                {apply(Policy("x", "deny-all").shut(Direction::ingress).shut(Direction::egress))},
                expecting({"allow */* -> *",
                           "deny */* -> x/*",
                           "deny x/* -> *",
                           "allow x/a -> x/a",
                           "allow x/b -> x/b",
                           "allow x/c -> x/c"}))}),
      kubernetes_case("one-target-opened",
                      "A namespace is shut; a second policy opens one pod of it.",
                      {{"ingress", "deny-all", "stacked"}, {"I2", "I5"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-all").shut(Direction::ingress)),
                             apply(Policy("x", "allow-all-to-a", kA).ingress({pods_in({}, {})}))},
                            into_x_only("allow */* -> x/a"))}),
      kubernetes_case("empty-pod-selector",
                      "An empty podSelector without namespaceSelector stays in its namespace.",
                      {{"ingress", "peers"}, {"P2", "P4"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-empty-policy").ingress({pods({})}))},
                            into_x_only("allow x/* -> x/*"))})};
}

std::vector<Case> selectors() {
  const LabelSelector not_x = not_in(kNameLabel, {"x"});
  return {into_a("from-pods", "Pods of the own namespace.", {"P4"}, {pods(kB)}, "allow x/b -> x/a"),
          into_a("from-all-namespaces",
                 "Every pod of every namespace.",
                 {"P2"},
                 {namespaces({})},
                 "allow */* -> x/a"),
          into_a("from-namespace",
                 "Every pod of another namespace.",
                 {"P4", "P2"},
                 {namespaces(namespace_named("y"))},
                 "allow y/* -> x/a"),
          into_a("from-pods-by-expression",
                 "In with one value, for pods.",
                 {"P3"},
                 {pods(in("pod", {"b"}))},
                 "allow x/b -> x/a"),
          into_a("from-namespaces-by-expression",
                 "In with one value, for namespaces.",
                 {"P3"},
                 {namespaces(in(kNameLabel, {"y"}))},
                 "allow y/* -> x/a"),
          into_a("from-pods-or-namespaces",
                 "Two peers: either will do.",
                 {"P1", "P3"},
                 {namespaces(not_x), pods(kB)},
                 "allow y/* z/* x/b -> x/a"),
          into_a("from-pods-and-namespaces",
                 "One peer with both selectors: both must hold.",
                 {"P1", "P3"},
                 {pods_in(not_x, kB)},
                 "allow y/b z/b -> x/a"),
          into_a("from-many-pods-and-namespaces",
                 "One peer with expressions of several values.",
                 {"P1", "P3"},
                 {pods_in(not_x, in("pod", {"b", "c"}))},
                 "allow y/b y/c z/b z/c -> x/a"),
          into_a("from-any-of-two-pods",
                 "Two peers of the own namespace.",
                 {"P1"},
                 {pods(kB), pods(labelled({{"pod", "c"}}))},
                 "allow x/b x/c -> x/a"),
          into_a("from-pod-of-namespace",
                 "One pod of one other namespace.",
                 {"P1", "P4"},
                 {pods_in(namespace_named("y"), kA)},
                 "allow y/a -> x/a"),
          into_a("from-namespace-by-default-label",
                 "The label that every namespace has, as matchLabels.",
                 {"P2", "D9"},
                 {namespaces(namespace_named("y"))},
                 "allow y/* -> x/a")};
}

}  // namespace

std::vector<Case> kubernetes_peer_cases() {
  std::vector<Case> cases = denials();
  const auto more = selectors();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace nettest::catalogue
