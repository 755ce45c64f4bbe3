#include "suites/catalogue/cyclonus.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nettest::catalogue {

namespace {

struct Group {
  const char* tag;
  const char* group;
};
constexpr std::array kGroups = std::to_array<Group>({
    {"create-policy", "action"},
    {"delete-policy", "action"},
    {"update-policy", "action"},
    {"create-pod", "action"},
    {"delete-pod", "action"},
    {"set-pod-labels", "action"},
    {"create-namespace", "action"},
    {"delete-namespace", "action"},
    {"set-namespace-labels", "action"},
    {"target-namespace", "target"},
    {"target-pod-selector", "target"},
    {"ingress", "direction"},
    {"egress", "direction"},
    {"deny-all", "rule"},
    {"allow-all", "rule"},
    {"any-peer", "rule"},
    {"any-port-protocol", "rule"},
    {"multi-peer", "rule"},
    {"multi-port/protocol", "rule"},
    {"all-pods", "peer-pods"},
    {"pods-by-label", "peer-pods"},
    {"all-namespaces", "peer-pods"},
    {"namespaces-by-label", "peer-pods"},
    {"policy-namespace", "peer-pods"},
    {"namespaces-by-default-label", "peer-pods"},
    {"ip-block-no-except", "peer-ipblock"},
    {"ip-block-with-except", "peer-ipblock"},
    {"any-port", "port"},
    {"numbered-port", "port"},
    {"named-port", "port"},
    {"end-port", "port"},
    {"tcp", "protocol"},
    {"udp", "protocol"},
    {"sctp", "protocol"},
    {"pathological", "miscellaneous"},
    {"conflict", "miscellaneous"},
    {"example", "miscellaneous"},
    {"upstream-e2e", "miscellaneous"},
});

void add_once(Words& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    words.push_back(word);
  }
}

/// "cyclonus", and each tag behind the group that it belongs to.
Words with_groups(const Words& tags) {
  Words all = {"cyclonus"};
  for (const auto& tag : tags) {
    const auto* const found = std::find_if(
        kGroups.begin(), kGroups.end(), [&](const Group& group) { return group.tag == tag; });
    if (found != kGroups.end()) {
      add_once(all, found->group);
    }
    add_once(all, tag);
  }
  return all;
}

}  // namespace

NetworkPolicy base_policy() {
  return Policy("x", "base", labelled({{"pod", "a"}}))
      .ingress({pods_in(in("ns", {"x", "y"}), in("pod", {"b", "c"}))}, {tcp(80)})
      .egress({pods_in(in("ns", {"y", "z"}), in("pod", {"a", "b"}))}, {tcp(80)})
      .egress_to_dns()
      .value();
}

std::vector<Expectation> base_ingress() {
  return expecting({"allow x/b x/c y/b y/c -> x/a:80/TCP"});
}

std::vector<Expectation> base_egress() {
  return expecting({"allow x/a -> y/a:80/TCP y/b:80/TCP z/a:80/TCP z/b:80/TCP"});
}

std::vector<Expectation> base_of(Direction direction) {
  return direction == Direction::ingress ? base_ingress() : base_egress();
}

Case one_step(std::string name,
              std::string reason,
              Marks marks,
              NetworkPolicy policy,
              std::vector<Expectation> expect) {
  return several_steps(std::move(name),
                       std::move(reason),
                       std::move(marks),
                       {step("apply", {apply(std::move(policy))}, std::move(expect))});
}

Case several_steps(std::string name, std::string reason, Marks marks, std::vector<Step> steps) {
  marks.tags = with_groups(marks.tags);
  return make_case(std::move(name), std::move(reason), std::move(marks), std::move(steps));
}

PolicyRule& first_rule(NetworkPolicy& policy, Direction direction) {
  return direction == Direction::ingress ? policy.ingress.front() : policy.egress.front();
}

}  // namespace nettest::catalogue
