// Targets, whole rules, namespaces by their own name, and cyclonus' worked example.
#include <utility>

#include "suites/catalogue/cyclonus.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

Case target_namespace(const std::string& name) {
  NetworkPolicy policy = base_policy();
  policy.id.namespace_name = name;
  const std::string target = name + "/a";
  auto expect = expecting({"allow */* -> *",
                           "deny " + target + " -> *",
                           "deny */* -> " + target,
                           "allow " + target + " -> " + target,
                           "allow x/b x/c y/b y/c -> " + target + ":80/TCP",
                           "allow " + target + " -> y/a:80/TCP y/b:80/TCP z/a:80/TCP z/b:80/TCP"});
  // z/a is in no namespace that may come in; its own egress to itself needs no rule.
  return one_step("target/namespace-" + name,
                  "A policy is about pods of its own namespace only.",
                  {{"target-namespace"}, {"P4", "I5"}, {}},
                  std::move(policy),
                  std::move(expect));
}

/// What the base policy means for several pods of x. Among themselves they may only what both
/// ends allow: into b and c from b and c, out of x to nobody in x.
std::vector<Expectation> for_targets(const Words& targets) {
  auto expect = expecting({"allow */* -> *"});
  for (const auto& target : targets) {
    expect = std::move(expect) + expecting({"deny " + target + " -> *", "deny */* -> " + target});
  }
  for (const auto& target : targets) {
    expect = std::move(expect) +
             expecting({"allow y/b y/c -> " + target + ":80/TCP",
                        "allow " + target + " -> y/a:80/TCP y/b:80/TCP z/a:80/TCP z/b:80/TCP",
                        "allow " + target + " -> " + target});
  }
  return expect;
}

Case target_pods(const std::string& name, LabelSelector selector, std::vector<Expectation> expect) {
  NetworkPolicy policy = base_policy();
  policy.pod_selector = std::move(selector);
  return one_step("target/" + name,
                  "The pods that the policy is about are chosen by " + name + ".",
                  {{"target-pod-selector"}, {"P2", "P3", "I5"}, {}},
                  std::move(policy),
                  std::move(expect));
}

Case rules(Direction direction, bool open) {
  NetworkPolicy policy = base_policy();
  auto& rules = direction == Direction::ingress ? policy.ingress : policy.egress;
  rules.clear();
  auto expect = shut_around_xa() + base_of(opposite(direction));
  if (open) {
    rules.emplace_back();
    expect = std::move(expect) + allow_peers(direction, {"*/*"}, {});
  }
  const std::string word(to_string(direction));
  return one_step("rules/" + word + (open ? "/allow-all" : "/deny-all"),
                  open ? "A rule that is empty allows everything in its direction."
                       : "A direction that is isolated without a rule is shut.",
                  {{word, open ? "allow-all" : "deny-all"}, {"P6", "I1"}, {}},
                  std::move(policy),
                  std::move(expect));
}

Case by_default_label(Direction direction) {
  NetworkPolicy policy = base_policy();
  first_rule(policy, direction).peers = {namespaces(labelled({{kNameLabel, "z"}}))};
  const std::string word(to_string(direction));
  return one_step("namespaces/" + word + "/by-default-label",
                  "Every namespace has its name as the label kubernetes.io/metadata.name.",
                  {{"namespaces-by-default-label", word}, {"P2", "D9"}, {}},
                  std::move(policy),
                  shut_around_xa() + base_of(opposite(direction)) +
                      allow_peers(direction, {"z/*"}, {":80/TCP"}));
}

Step only_port(std::string name, Port number) {
  Step made = step(std::move(name), {}, expecting({"allow */* -> *:81/TCP"}));
  MatrixSpec matrix;
  matrix.ports = {number};
  matrix.protocols = {Protocol::tcp};
  made.probes = {ProbeSpec{matrix, {}}};
  return made;
}

}  // namespace

std::vector<Case> target_cases() {
  std::vector<Case> cases = {target_namespace("x"), target_namespace("y"), target_namespace("z")};
  // With all of x isolated, x/b may reach x/c only if both ends allow it, and egress does not.
  cases.push_back(target_pods("every-pod", everything(), for_targets({"x/a", "x/b", "x/c"})));
  cases.push_back(target_pods("pods-by-label",
                              labelled({{"pod", "a"}}),
                              shut_around_xa() + base_ingress() + base_egress()));
  cases.push_back(
      target_pods("pods-by-expression",
                  in("pod", {"a", "b"}),
                  for_targets({"x/a", "x/b"}) + expecting({"allow x/c -> x/a:80/TCP x/b:80/TCP"})));
  return cases;
}

std::vector<Case> rules_cases() {
  return {rules(Direction::egress, false),
          rules(Direction::egress, true),
          rules(Direction::ingress, false),
          rules(Direction::ingress, true)};
}

std::vector<Case> namespaces_cases() {
  return {by_default_label(Direction::ingress), by_default_label(Direction::egress)};
}

std::vector<Case> example_cases() {
  const auto in_x = expecting({"allow */* -> *", "deny */* -> x/*", "allow */* -> x/*:81/TCP"}) +
                    pods_of_x_themselves();
  return {several_steps(
      "example/one-named-port",
      "One named port of namespace x is open, whatever comes and goes elsewhere.",
      {{"example"}, {"O2", "D2"}, {}},
      {step("apply",
            {apply(Policy("x", "allow-all").ingress({}, {named(Protocol::tcp, "serve-81-tcp")}))},
            in_x),
       step("create namespace w with pod a",
            {create(namespace_of("w", {{"ns", "w"}})), create(pod_of("w/a", {{"pod", "a"}}))},
            in_x),
       step("delete pod w/a", {remove_pod("w/a")}, in_x),
       step("delete namespace w", {remove_namespace("w")}, in_x),
       step("nothing changes", {}, in_x),
       only_port("port 81", 81),
       only_port("port 81 once more", 81)})};
}

}  // namespace nettest::catalogue
