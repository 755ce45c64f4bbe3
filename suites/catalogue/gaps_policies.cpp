// Several policies and several rules: they add up, in whatever order they came.
#include <utility>

#include "suites/catalogue/gaps.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const LabelSelector kB = labelled({{"pod", "b"}});
const LabelSelector kC = labelled({{"pod", "c"}});
const LabelSelector kY = labelled({{"ns", "y"}});
const LabelSelector kZ = labelled({{"ns", "z"}});

Policy for_a(const std::string& name) {
  return {"x", name, kA};
}

/// Two policies of different shape, created in both orders.
struct Couple {
  std::string name;
  std::string reason;
  Policy first;
  Policy second;
  std::vector<Expectation> expect;
  Words detects;
};

std::vector<Couple> couples() {
  return {{"peers-only,ports-only",
           "One policy opens a namespace on all ports, one opens a port to all.",
           for_a("from-y").ingress({namespaces(kY)}),
           for_a("port-80").ingress({}, {tcp(80)}),
           into_xa_only("allow y/* -> x/a") + expecting({"allow */* -> x/a:80/TCP"}),
           {"I2"}},
          {"ingress-only,egress-only",
           "Each policy isolates its own direction.",
           for_a("in").ingress({pods(kB)}),
           for_a("out").egress({namespaces(kY)}),
           shut_around_xa() + expecting({"allow x/b -> x/a", "allow x/a -> y/*"}),
           {"I1", "I2"}},
          {"except,allowed-again",
           "What one policy excepts, another may allow.",
           for_a("all-but").egress({block("0.0.0.0/0", {"$(ip y/c)/32"})}),
           for_a("pods-c").egress({pods_in({}, kC)}, {tcp(80)}),
           expecting({"allow */* -> *", "deny x/a -> y/c", "allow x/a -> y/c:80/TCP"}),
           {"B2", "I2"}},
          {"allow-all,deny-all",
           "A denial takes nothing away from what another policy allows.",
           for_a("all").ingress(),
           for_a("none").shut(Direction::ingress),
           all_open(),
           {"I2", "P6"}},
          {"overlapping-targets",
           "A pod that two policies choose gets what either allows.",
           Policy("x", "a-and-b", in("pod", {"a", "b"})).ingress({namespaces(kY)}),
           Policy("x", "b-and-c", in("pod", {"b", "c"})).ingress({namespaces(kZ)}),
           into_x_only("allow y/* -> x/a x/b") + expecting({"allow z/* -> x/b x/c"}),
           {"I2", "I5"}},
          {"allow-in-namespace,allow-port",
           "A namespace open to itself, and one port of one pod open to all.",
           Policy("x", "own").ingress({pods({})}),
           for_a("port").ingress({}, {tcp(81)}),
           into_x_only("allow x/* -> x/*") + expecting({"allow */* -> x/a:81/TCP"}),
           {"I2", "P4"}}};
}

std::vector<Case> in_both_orders() {
  std::vector<Case> cases;
  for (const auto& couple : couples()) {
    const Marks marks = {{"merge"}, couple.detects, {}};
    cases.push_back(gap("policies/" + couple.name,
                        couple.reason,
                        marks,
                        {couple.first, couple.second},
                        couple.expect));
    cases.push_back(gap("policies/" + couple.name + "/reversed",
                        couple.reason,
                        marks,
                        {couple.second, couple.first},
                        couple.expect));
  }
  return cases;
}

std::vector<Case> rules() {
  return {
      gap("policies/rules-are-not-crossed",
          "The peers of one rule do not get the ports of another.",
          {{"merge", "ingress"}, {"I2"}, {}},
          {for_a("two").ingress({namespaces(kY)}, {tcp(80)}).ingress({namespaces(kZ)}, {tcp(81)})},
          into_xa_only("allow y/* -> x/a:80/TCP") + expecting({"allow z/* -> x/a:81/TCP"})),
      gap("policies/egress-rules-are-not-crossed",
          "The same for what goes out.",
          {{"merge", "egress"}, {"I2"}, {}},
          {for_a("two").egress({namespaces(kY)}, {tcp(80)}).egress({namespaces(kZ)}, {udp(81)})},
          out_of_xa_only("allow x/a -> y/*:80/TCP") + expecting({"allow x/a -> z/*:81/UDP"})),
      gap("policies/an-empty-rule-among-others",
          "An empty rule allows all, whatever stands beside it.",
          {{"merge", "ingress"}, {"P6", "I2"}, {}},
          {for_a("all").ingress({pods(kB)}, {tcp(80)}).ingress()},
          all_open()),
      gap("policies/the-same-rule-twice",
          "A rule that is there twice is there.",
          {{"merge", "ingress"}, {"D9", "I2"}, {}},
          {for_a("one").ingress({pods(kB)}, {tcp(80)}).ingress({pods(kB)}, {tcp(80)}),
           for_a("two").ingress({pods(kB)}, {tcp(80)})},
          into_xa_only("allow x/b -> x/a:80/TCP"))};
}

std::vector<Case> types() {
  NetworkPolicy egress_only = for_a("egress-only").ingress({pods(kB)}).egress({pods(kB)}).value();
  egress_only.isolates_ingress = false;
  NetworkPolicy ingress_only = for_a("ingress-only").ingress({pods(kB)}).egress({pods(kB)}).value();
  ingress_only.isolates_egress = false;
  return {gap("policies/ingress-rules-without-their-type",
              "Rules of a direction that policyTypes does not name have no effect.",
              {{"isolation"}, {"I1"}, {}},
              {step("apply", {apply(egress_only)}, out_of_xa_only("allow x/a -> x/b"))}),
          gap("policies/egress-rules-without-their-type",
              "The same the other way round.",
              {{"isolation"}, {"I1"}, {}},
              {step("apply", {apply(ingress_only)}, into_xa_only("allow x/b -> x/a"))})};
}

std::vector<Case> ends() {
  return {
      gap("policies/both-ends-other-ports",
          "The client may go to port 81, the server may be reached on port 80: nothing passes.",
          {{"isolation"}, {"I3", "O4"}, {}},
          {for_a("out").egress({}, {tcp(81)}), Policy("y", "in").ingress({}, {tcp(80)})},
          expecting({"allow */* -> *",
                     "deny x/a -> *",
                     "deny */* -> y/*",
                     "allow */* -> y/*:80/TCP",
                     "deny x/a -> y/*",
                     "allow x/a -> *:81/TCP",
                     "deny x/a -> y/*:81/TCP",
                     "allow x/a -> x/a",
                     "allow y/a -> y/a",
                     "allow y/b -> y/b",
                     "allow y/c -> y/c"})),
      gap("policies/both-ends-agree",
          "What the client may and the server may, passes; what one alone may, does not.",
          {{"isolation"}, {"I3"}, {}},
          {for_a("out").egress({namespaces(kY)}), Policy("y", "in", kB).ingress({pods_in({}, kA)})},
          expecting({"allow */* -> *",
                     "deny x/a -> *",
                     "deny */* -> y/b",
                     "allow */a -> y/b",
                     "allow x/a -> y/* x/a",
                     "allow y/b -> y/b"})),
      gap("policies/replies-of-a-shut-server",
          "A server that may not go out still answers.",
          {{"isolation"}, {"S2", "I1"}, {}},
          {for_a("in-only").ingress({namespaces({})}), for_a("no-out").shut(Direction::egress)},
          out_of_xa_only("")),
      gap("policies/replies-to-a-shut-client",
          "A client that nobody may reach still gets its answers.",
          {{"isolation"}, {"S2", "I1"}, {}},
          {for_a("out-only").egress({namespaces({})}), for_a("no-in").shut(Direction::ingress)},
          into_xa_only("")),
      gap("policies/same-name-in-two-namespaces",
          "Policies of the same name in two namespaces are two policies.",
          {{"merge"}, {"D9", "P4"}, {}},
          {Policy("x", "same", kA).ingress({pods(kB)}),
           Policy("y", "same", kA).ingress({pods(kC)})},
          expecting({"allow */* -> *",
                     "deny */* -> x/a y/a",
                     "allow x/b x/a -> x/a",
                     "allow y/c y/a -> y/a"})),
      gap("policies/shut-by-expression-opened-by-label",
          "All pods but one are shut by one policy; another opens one of them.",
          {{"merge"}, {"P3", "I5"}, {}},
          {Policy("x", "all-but-c", not_in("pod", {"c"})).shut(Direction::ingress),
           for_a("a").ingress({namespaces(kY)})},
          expecting({"allow */* -> *",
                     "deny */* -> x/a x/b",
                     "allow y/* x/a -> x/a",
                     "allow x/b -> x/b"}))};
}

Case many() {
  std::vector<Policy> policies;
  for (int i = 0; i < 40; ++i) {
    const std::string digits = std::to_string(i);
    policies.push_back(
        for_a("p" + digits)
            .ingress({pods(labelled({{"pod", i == 39 ? "c" : "nobody-" + digits}}))}, {tcp(80)}));
  }
  return gap("policies/forty-of-one-pod",
             "Forty policies of one pod; only the last fits anybody.",
             {{"merge", "limits"}, {"O5", "I2", "I4"}, {}},
             policies,
             into_xa_only("allow x/c -> x/a:80/TCP"));
}

}  // namespace

std::vector<Case> policy_gaps() {
  std::vector<Case> cases = in_both_orders();
  for (const auto& part : {rules(), types(), ends(), std::vector<Case>{many()}}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
