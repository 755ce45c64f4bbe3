// What changes while policies are in force: the policies themselves.
#include <utility>

#include "suites/catalogue/gaps.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const LabelSelector kB = labelled({{"pod", "b"}});
const LabelSelector kY = labelled({{"ns", "y"}});
const LabelSelector kZ = labelled({{"ns", "z"}});
const Direction kIn = Direction::ingress;
const Direction kOut = Direction::egress;

Policy edited() {
  return {"x", "edited", kA};
}

/// One policy, in one version after the other.
struct Version {
  std::string name;
  Policy policy;
  std::vector<Expectation> expect;
};

Case versions(const std::string& name,
              std::string reason,
              Words detects,
              const std::vector<Version>& list) {
  std::vector<Step> steps;
  for (const auto& one : list) {
    steps.push_back(step(one.name, {apply(one.policy)}, one.expect));
  }
  return gap("transitions/" + name,
             std::move(reason),
             {{"transition", "update-policy"}, std::move(detects), {}},
             std::move(steps));
}

std::vector<Case> edits() {
  const Policy both = edited().ingress({pods(kB)}).egress({namespaces(kY)});
  const Policy two_rules = edited().ingress({pods(kB)}).ingress({namespaces(kY)});
  return {
      versions(
          "types-dropped-one-by-one",
          "A direction that a policy no longer names is open again.",
          {"I1", "D3"},
          {{"both", both, shut_around_xa() + expecting({"allow x/b -> x/a", "allow x/a -> y/*"})},
           {"ingress only", edited().ingress({pods(kB)}), into_xa_only("allow x/b -> x/a")},
           {"egress only", edited().egress({namespaces(kY)}), out_of_xa_only("allow x/a -> y/*")},
           {"both again",
            both,
            shut_around_xa() + expecting({"allow x/b -> x/a", "allow x/a -> y/*"})}}),
      versions("rule-comes-and-goes",
               "A rule that is edited in allows more; edited out, it allows nothing.",
               {"D3", "I2"},
               {{"one rule", edited().ingress({pods(kB)}), into_xa_only("allow x/b -> x/a")},
                {"two rules", two_rules, into_xa_only("allow x/b y/* -> x/a")},
                {"the second rule only",
                 edited().ingress({namespaces(kY)}),
                 into_xa_only("allow y/* -> x/a")},
                {"no rule", edited().shut(kIn), into_xa_only("")}}),
      versions("peers-move",
               "The peers of a rule are others now.",
               {"D3"},
               {{"y", edited().egress({namespaces(kY)}), out_of_xa_only("allow x/a -> y/*")},
                {"z", edited().egress({namespaces(kZ)}), out_of_xa_only("allow x/a -> z/*")}}),
      versions(
          "port-moves",
          "The port of a rule is another now, by number and by name.",
          {"D3", "O2"},
          {{"80", edited().ingress({}, {tcp(80)}), into_xa_only("allow */* -> x/a:80/TCP")},
           {"81", edited().ingress({}, {tcp(81)}), into_xa_only("allow */* -> x/a:81/TCP")},
           {"80 by name",
            edited().ingress({}, {named(Protocol::tcp, "serve-80-tcp")}),
            into_xa_only("allow */* -> x/a:80/TCP")},
           {"UDP 80", edited().ingress({}, {udp(80)}), into_xa_only("allow */* -> x/a:80/UDP")}}),
      versions("exception-comes-and-goes",
               "An exception is edited in, moved, and edited out.",
               {"B1", "B2", "D3"},
               {{"everybody", edited().ingress({block("0.0.0.0/0")}), all_open()},
                {"all but y/b",
                 edited().ingress({block("0.0.0.0/0", {"$(ip y/b)/32"})}),
                 expecting({"allow */* -> *", "deny y/b -> x/a"})},
                {"all but z/c",
                 edited().ingress({block("0.0.0.0/0", {"$(ip z/c)/32"})}),
                 expecting({"allow */* -> *", "deny z/c -> x/a"})},
                {"everybody again", edited().ingress({block("0.0.0.0/0")}), all_open()}}),
      versions("target-moves",
               "The policy is about another pod now; the first is free.",
               {"D3", "I5"},
               {{"a", Policy("x", "edited", kA).shut(kIn), into_xa_only("")},
                {"b",
                 Policy("x", "edited", kB).shut(kIn),
                 expecting({"allow */* -> *", "deny */* -> x/b", "allow x/b -> x/b"})}})};
}

std::vector<Case> deletions() {
  const Change from_b = apply(Policy("x", "from-b", kA).ingress({pods(kB)}));
  const Change from_y = apply(Policy("x", "from-y", kA).ingress({namespaces(kY)}));
  const auto both = into_xa_only("allow x/b y/* -> x/a");
  const Marks marks = {{"transition", "delete-policy"}, {"D4", "I2"}, {}};
  return {
      gap("transitions/first-of-two-deleted",
          "The policy that stays still isolates, and still allows what it allows.",
          marks,
          {step("apply two", {from_b, from_y}, both),
           step("delete the first", {unapply("x", "from-b")}, into_xa_only("allow y/* -> x/a")),
           step("delete the second", {unapply("x", "from-y")}, all_open())}),
      gap("transitions/second-of-two-deleted",
          "The same the other way round.",
          marks,
          {step("apply two", {from_b, from_y}, both),
           step("delete the second", {unapply("x", "from-y")}, into_xa_only("allow x/b -> x/a")),
           step("delete the first", {unapply("x", "from-b")}, all_open())}),
      gap("transitions/twin-deleted",
          "Of two policies that say the same, one is enough.",
          {{"transition", "delete-policy"}, {"D4", "D9"}, {}},
          {step("apply twins",
                {apply(Policy("x", "twin-1", kA).ingress({pods(kB)})),
                 apply(Policy("x", "twin-2", kA).ingress({pods(kB)}))},
                into_xa_only("allow x/b -> x/a")),
           step("delete one", {unapply("x", "twin-1")}, into_xa_only("allow x/b -> x/a"))}),
      gap("transitions/created-again-otherwise",
          "A policy that is created again under its name says what it says now.",
          {{"transition", "delete-policy", "create-policy"}, {"D10", "D4"}, {}},
          {step("apply",
                {apply(edited().ingress({pods(kB)}, {tcp(80)}))},
                into_xa_only("allow x/b -> x/a:80/TCP")),
           step("delete", {unapply("x", "edited")}, all_open()),
           step("create otherwise",
                {apply(edited().egress({namespaces(kZ)}))},
                out_of_xa_only("allow x/a -> z/*"))}),
      gap("transitions/deny-deleted-allow-stays",
          "With the denial of all pods gone, the others are free and one is still isolated.",
          {{"transition", "delete-policy"}, {"D4", "I5"}, {}},
          {step("apply",
                {apply(Policy("x", "shut").shut(kIn)), from_b},
                into_x_only("allow x/b -> x/a")),
           step("delete the denial", {unapply("x", "shut")}, into_xa_only("allow x/b -> x/a"))}),
      gap("transitions/egress-deleted",
          "The same for what goes out.",
          {{"transition", "delete-policy"}, {"D4", "I1"}, {}},
          {step("apply",
                {apply(Policy("x", "out", kA).shut(kOut)), from_b},
                shut_around_xa() + expecting({"allow x/b -> x/a"})),
           step("delete egress", {unapply("x", "out")}, into_xa_only("allow x/b -> x/a"))})};
}

}  // namespace

std::vector<Case> update_gaps() {
  std::vector<Case> cases = edits();
  const auto more = deletions();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace nettest::catalogue
