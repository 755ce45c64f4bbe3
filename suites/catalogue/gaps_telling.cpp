// Cases that were added because a fault of the local engine got through all the others.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

const Direction kIn = Direction::ingress;

/// As long as a name may be that is also a label.
const std::string kLong = "n23456789-b23456789-c23456789-d23456789-e23456789-f23456789-xyz";

std::vector<Case> labels() {
  const std::string claim = "io.kubernetes.pod.namespace";
  return {
      gap("objects/pod-that-claims-another-namespace",
          "A label of a pod says nothing of its namespace, whatever the label is called.",
          {{"names"}, {"P4"}, {}},
          {step("apply",
                {create(pod_of("x/claims", {{"app", "claims"}, {claim, "y"}})),
                 apply(Policy("x", "shut", labelled({{"app", "claims"}})).shut(kIn))},
                expecting(
                    {"allow */* -> *", "deny */* -> x/claims", "allow x/claims -> x/claims"}))}),
      gap("objects/target-labelled-host",
          "A pod with a label whose key is host is isolated like any other.",
          {{"names"}, {"I4"}, {}},
          {step("apply",
                {relabel("x/a", {{"pod", "a"}, {"host", "front"}}),
                 apply(Policy("x", "shut", labelled({{"pod", "a"}})).shut(kIn))},
                expecting({"allow */* -> *", "deny */* -> x/a", "allow x/a -> x/a"}))}),
      gap("objects/longest-names-of-both",
          "A namespace and a policy in it, with names as long as they may be.",
          {{"names"}, {"O5", "I4"}, {}},
          {step("apply",
                {create(namespace_of(kLong, {})),
                 create(pod_of(kLong + "/a", {{"app", "long"}})),
                 apply(Policy(kLong, kLong, labelled({{"app", "long"}})).shut(kIn))},
                expecting({"allow */* -> *",
                           "deny */* -> " + kLong + "/a",
                           "allow " + kLong + "/a -> " + kLong + "/a"}))})};
}

std::vector<Case> blocks() {
  return {
      gap("blocks/ingress/five-blocks",
          "More blocks than some plugins take in one rule.",
          {{"ip-block-no-except"}, {"O5"}, {}},
          {about_xa(kIn,
                    {block("$(ip x/b)/32"),
                     block("$(ip x/c)/32"),
                     block("$(ip y/a)/32"),
                     block("$(ip y/b)/32"),
                     block("$(ip z/c)/32")},
                    {tcp(80)})},
          into_xa_only("allow x/b x/c y/a y/b z/c -> x/a:80/TCP")),
      gap("blocks/ingress/excepted-and-admitted-on-another-port",
          "An address that one rule excepts and another admits has the ports of the other only.",
          {{"ip-block-with-except"}, {"B3", "B2"}, {}},
          {Policy("x", "two", labelled({{"pod", "a"}}))
               .ingress({block("0.0.0.0/0", {"$(ip y/b)/32"})}, {tcp(80)})
               .ingress({block("$(ip y/b)/32")}, {tcp(81)})},
          expecting({"allow */* -> *",
                     "deny */* -> x/a",
                     "allow */* -> x/a:80/TCP",
                     "deny y/b -> x/a:80/TCP",
                     "allow y/b -> x/a:81/TCP",
                     "allow x/a -> x/a"})),
      gap("ports/ingress/tcp-beside-sctp",
          "A port of SCTP in a rule leaves the other ports of the rule as they are.",
          {{"sctp"}, {"O3"}, {}},
          {about_xa(kIn, {pods(labelled({{"pod", "b"}}))}, {tcp(80), port(Protocol::sctp, 81)})},
          into_xa_only("allow x/b -> x/a:80/TCP x/a:81/SCTP"))};
}

}  // namespace

std::vector<Case> telling_gaps() {
  std::vector<Case> cases = labels();
  const auto more = blocks();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace nettest::catalogue
