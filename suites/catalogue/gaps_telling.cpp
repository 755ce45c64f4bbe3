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

std::vector<Case> written_otherwise() {
  const Labels both = {{"app", "both"}};
  return {gap("blocks/ingress/written-with-host-bits",
              "A block is its network, whatever address of it is written: here, two halves of all.",
              {{"ip-block-no-except"}, {"B4"}, {}},
              {about_xa(kIn, {block("1.2.3.4/1"), block("129.2.3.4/1")}, {tcp(80)})},
              into_xa_only("allow */* -> x/a:80/TCP")),
          gap("blocks/ingress/one-block-with-and-without-ports",
              "A rule with ports takes nothing from a rule without, though both have one block.",
              {{"ip-block-no-except"}, {"I2"}, {}},
              {Policy("x", "two", labelled({{"pod", "a"}}))
                   .ingress({block("$(ip y/b)/32")}, {tcp(80)})
                   .ingress({block("$(ip y/b)/32")})},
              into_xa_only("allow y/b -> x/a")),
          gap("objects/names-that-run-together",
              "Pod z of namespace xy and pod yz of namespace x are two pods.",
              {{"names"}, {"D9"}, {}},
              {step("apply",
                    {create(namespace_of("xy", {})),
                     create(pod_of("xy/z", both)),
                     create(pod_of("x/yz", both)),
                     apply(Policy("xy", "shut").shut(kIn)),
                     apply(Policy("x", "shut", labelled(both)).shut(kIn))},
                    expecting({"allow */* -> *",
                               "deny */* -> xy/z",
                               "deny */* -> x/yz",
                               "allow xy/z -> xy/z",
                               "allow x/yz -> x/yz"}))})};
}

std::vector<Case> successors() {
  const Labels guest = {{"guest", "yes"}};
  const Policy from_guests = about_xa(kIn, {pods(labelled(guest))});
  const Policy shut = Policy("x", "shut", labelled({{"pod", "b"}})).shut(kIn);
  const auto into_xb = expecting({"allow */* -> *", "deny */* -> x/b", "allow x/b -> x/b"});
  return {
      gap("transitions/guest-goes-guest-comes",
          "A pod that comes after another has gone is admitted in its own right.",
          {{"transition", "create-pod", "delete-pod"}, {"D5"}, {}},
          {step("apply",
                {relabel("x/b", guest), apply(from_guests)},
                into_xa_only("allow x/b -> x/a")),
           step("delete x/b", {remove_pod("x/b")}, into_xa_only("")),
           step("create x/d", {create(pod_of("x/d", guest))}, into_xa_only("allow x/d -> x/a"))}),
      gap("transitions/one-of-two-guests-goes",
          "What two pods with the same labels share stays with the one that stays.",
          {{"transition", "delete-pod"}, {"D6"}, {}},
          {step("apply",
                {relabel("x/b", guest), relabel("x/c", guest), apply(from_guests)},
                into_xa_only("allow x/b x/c -> x/a")),
           step("delete x/b", {remove_pod("x/b")}, into_xa_only("allow x/c -> x/a"))}),
      gap("transitions/target-comes-again",
          "A pod that is made again as it was is isolated again.",
          {{"transition", "create-pod", "delete-pod"}, {"D10"}, {}},
          {step("apply", {apply(shut)}, into_xb),
           step("delete x/b", {remove_pod("x/b")}, all_open()),
           step("create x/b", {create(pod_of("x/b", {{"pod", "b"}}))}, into_xb)})};
}

}  // namespace

std::vector<Case> telling_gaps() {
  std::vector<Case> cases = labels();
  for (const auto& more : {blocks(), written_otherwise(), successors()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
