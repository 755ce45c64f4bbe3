// Odd names, and where pods run.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

const Direction kIn = Direction::ingress;

/// As long as a name may be that is also a label.
const std::string kLong = "a23456789-b23456789-c23456789-d23456789-e23456789-f23456789-xyz";

std::vector<Case> names() {
  const std::string long_pod = "x/" + kLong;
  const std::string policy50 = kLong.substr(0, 50);
  return {gap("objects/longest-names",
              "Names and label values of 63 characters.",
              {{"names"}, {"O5", "D9", "I4"}, {}},
              {step("apply",
                    {create(pod_of(long_pod, {{"app", kLong}})),
                     apply(Policy("x", kLong, labelled({{"pod", "a"}}))
                               .ingress({pods(labelled({{"app", kLong}}))})),
                     apply(Policy("x", kLong.substr(0, 62), labelled({{"app", kLong}}))
                               .ingress({pods(labelled({{"pod", "b"}}))}))},
                    expecting({"allow */* -> *",
                               "deny */* -> x/a",
                               "deny */* -> " + long_pod,
                               "allow " + long_pod + " x/a -> x/a",
                               "allow " + long_pod + " x/b -> " + long_pod}))}),
          gap("objects/policy-names-alike",
              "Two policies whose long names differ in the last character only.",
              {{"names"}, {"D9", "O5"}, {}},
              {Policy("x", policy50 + "1", labelled({{"pod", "a"}}))
                   .ingress({pods(labelled({{"pod", "b"}}))}),
               Policy("x", policy50 + "2", labelled({{"pod", "a"}}))
                   .ingress({pods(labelled({{"pod", "c"}}))})},
              into_xa_only("allow x/b x/c -> x/a")),
          gap("objects/names-that-concatenate-alike",
              "Pod y-z of x and pod z of x-y are two pods; so are their policies.",
              {{"names"}, {"D9", "P4"}, {}},
              {step("apply",
                    {create(namespace_of("x-y", {})),
                     create(pod_of("x-y/z", {{"app", "one"}})),
                     create(pod_of("x/y-z", {{"app", "one"}})),
                     apply(Policy("x", "y-p", labelled({{"app", "one"}})).shut(kIn)),
                     apply(Policy("x-y", "p", labelled({{"app", "one"}}))
                               .ingress({namespaces(labelled({{"ns", "y"}}))}))},
                    expecting({"allow */* -> *",
                               "deny */* -> x/y-z x-y/z",
                               "allow y/* x-y/z -> x-y/z",
                               "allow x/y-z -> x/y-z"}))}),
          gap("objects/names-with-dots",
              "Names of pods and policies may have dots.",
              {{"names"}, {"D9", "I4"}, {}},
              {step("apply",
                    {create(pod_of("x/web.v1.example", {{"app", "web"}})),
                     apply(Policy("x", "allow.v1.example", labelled({{"app", "web"}}))
                               .ingress({namespaces(labelled({{"ns", "z"}}))}, {tcp(80)}))},
                    expecting({"allow */* -> *",
                               "deny */* -> x/web.v1.example",
                               "allow z/* -> x/web.v1.example:80/TCP",
                               "allow x/web.v1.example -> x/web.v1.example"}))}),
          gap("objects/namespace-named-by-its-label-only",
              "A namespace is chosen by its labels, whatever it is called.",
              {{"names"}, {"D9", "P4"}, {}},
              {step("apply",
                    {create(namespace_of("other-y", {{"ns", "y"}})),
                     create(pod_of("other-y/a", {{"pod", "a"}})),
                     apply(about_xa(kIn, {namespaces(labelled({{"ns", "y"}}))}, {tcp(80)}))},
                    into_xa_only("allow y/* other-y/a -> x/a:80/TCP"))})};
}

/// Two pods of namespace w on each of two nodes.
Changes pods_on_two_nodes() {
  Changes changes;
  for (const auto& [name, node] :
       {std::pair("a", "n1"), std::pair("b", "n1"), std::pair("c", "n2"), std::pair("d", "n2")}) {
    Pod pod = pod_of(std::string("w/") + name, {{"app", "web"}, {"pod", name}});
    pod.node = node;
    changes.push_back(create(std::move(pod)));
  }
  return changes;
}

Changes on_two_nodes() {
  Changes changes = {create(namespace_of("w", {{"ns", "w"}}))};
  const Changes more = pods_on_two_nodes();
  changes.insert(changes.end(), more.begin(), more.end());
  return changes;
}

std::vector<Expectation> themselves_in_w() {
  return expecting(
      {"allow w/a -> w/a", "allow w/b -> w/b", "allow w/c -> w/c", "allow w/d -> w/d"});
}

Case node_case(const std::string& name,
               std::string reason,
               Words detects,
               const std::vector<Policy>& policies,
               std::vector<Expectation> expect) {
  Changes changes = on_two_nodes();
  for (const auto& policy : policies) {
    changes.push_back(apply(policy));
  }
  return gap("nodes/" + name,
             std::move(reason),
             {{"nodes"}, std::move(detects), {Need::two_nodes}},
             {step("apply", std::move(changes), std::move(expect))});
}

std::vector<Case> nodes() {
  const LabelSelector web = labelled({{"app", "web"}});
  const LabelSelector a = labelled({{"pod", "a"}});
  const auto pods_of = [](const Words& names) { return in("pod", names); };
  return {
      node_case(
          "one-selector-on-two-nodes",
          "Every pod that the policy chooses gets it, on each node, several of them.",
          {"I5"},
          {Policy("w", "from-a", web).ingress({pods(a)})},
          expecting({"allow */* -> *", "deny */* -> w/*", "allow w/a -> w/*"}) + themselves_in_w()),
      node_case("several-peers-on-two-nodes",
                "Peers of the same node and of the other.",
                {"I5", "P1"},
                {Policy("w", "from-b-and-c", a).ingress({pods(pods_of({"b", "c"}))})},
                expecting({"allow */* -> *", "deny */* -> w/a", "allow w/b w/c w/a -> w/a"})),
      node_case("egress-allowed,ingress-denied",
                "What the client may, the server still denies, on the same node and on the other.",
                {"I3"},
                {Policy("w", "out", a).egress({pods({})}),
                 Policy("w", "in", pods_of({"b", "d"})).shut(kIn)},
                expecting({"allow */* -> *",
                           "deny w/a -> *",
                           "deny */* -> w/b w/d",
                           "allow w/a -> w/a w/c",
                           "allow w/b -> w/b",
                           "allow w/d -> w/d"})),
      node_case("egress-denied,ingress-allowed",
                "What the server allows, the client is still denied, on either node.",
                {"I3"},
                {Policy("w", "out", pods_of({"a", "c"})).shut(Direction::egress),
                 Policy("w", "in", web).ingress()},
                expecting({"allow */* -> *", "deny w/a w/c -> *"}) + themselves_in_w()),
      node_case(
          "egress-to-both-nodes",
          "Out to one pod of the same node and one of the other.",
          {"I5", "H3"},
          {Policy("w", "to-b-and-c", a).egress({pods(pods_of({"b", "c"}))}, {tcp(80)})},
          expecting({"allow */* -> *", "deny w/a -> *", "allow w/a -> w/b:80/TCP w/c:80/TCP w/a"})),
      node_case(
          "blocks-on-both-nodes",
          "Addresses of the same node and of the other.",
          {"B5", "N2"},
          {Policy("w", "from-b-and-c", a).ingress({block("$(ip w/b)/32"), block("$(ip w/c)/32")})},
          expecting({"allow */* -> *", "deny */* -> w/a", "allow w/b w/c w/a -> w/a"})),
      gap("nodes/pods-after-deny",
          "Pods that come to either node into a namespace that is shut are shut.",
          {{"nodes", "transition"}, {"D7", "I5"}, {Need::two_nodes}},
          {step("shut w",
                {create(namespace_of("w", {})), apply(Policy("w", "shut").shut(kIn))},
                all_open()),
           step("create pods",
                pods_on_two_nodes(),
                expecting({"allow */* -> *", "deny */* -> w/*"}) + themselves_in_w())})};
}

}  // namespace

std::vector<Case> object_gaps() {
  std::vector<Case> cases = names();
  const auto more = nodes();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace nettest::catalogue
