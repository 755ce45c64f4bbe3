// Selectors with several values, missing keys and nobody who fits; each in both directions.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

/// One way to choose peers, and whom it chooses for a policy of namespace x.
struct Choice {
  std::string name;
  std::string reason;
  Peers peers;
  Words chosen;
  Words detects;
  /// Labels and pods that it needs.
  Changes before;
};

std::vector<Choice> plain() {
  return {{"in-two-values",
           "In with two values, for namespaces and for pods.",
           {pods_in(in("ns", {"y", "z"}), in("pod", {"b", "c"}))},
           {"y/b", "y/c", "z/b", "z/c"},
           {"P3", "P1"},
           {}},
          {"in-unused-value",
           "In with a value that nobody has beside one that somebody has.",
           {pods(in("pod", {"b", "nobody"}))},
           {"x/b"},
           {"P3", "P5"},
           {}},
          {"not-in-missing-key",
           "NotIn holds where the key is missing.",
           {pods_in(not_in("team", {"red"}), not_in("tier", {"front"}))},
           {"*/*"},
           {"P3"},
           {}},
          {"does-not-exist-missing-key",
           "DoesNotExist holds where the key is missing.",
           {pods_in(labelled({{"ns", "y"}}), absent("tier"))},
           {"y/*"},
           {"P3"},
           {}},
          {"exists-missing-key",
           "Exists does not hold where the key is missing.",
           {pods_in({}, exists("tier"))},
           {},
           {"P3", "P5"},
           {}},
          {"labels-and-expressions",
           "matchLabels and matchExpressions of one selector must both hold.",
           {pods_in({}, labelled({{"pod", "b"}}) & in("pod", {"b", "c"}) & absent("tier"))},
           {"*/b"},
           {"P3", "P1"},
           {}},
          {"contradiction",
           "Two requirements that nobody can meet choose nobody.",
           {pods_in({}, in("pod", {"b"}) & not_in("pod", {"b"}))},
           {},
           {"P3", "P5"},
           {}},
          {"nobody-beside-somebody",
           "A peer that fits nobody neither adds to its neighbour nor takes from it.",
           {pods(labelled({{"pod", "nobody"}})), namespaces(labelled({{"ns", "y"}}))},
           {"y/*"},
           {"P5", "P1"},
           {}},
          {"namespace-and-foreign-pods",
           "Pods that exist in other namespaces only do not make a peer fit.",
           {pods_in(labelled({{"ns", "nowhere"}}), labelled({{"pod", "b"}}))},
           {},
           {"P1", "P5"},
           {}}};
}

std::vector<Choice> labels() {
  const Changes front = {relabel("x/b", {{"pod", "b"}, {"tier", "front"}}),
                         relabel("y/b", {{"pod", "b"}, {"tier", "front"}})};
  return {{"not-in-some-labelled",
           "NotIn leaves out who has the value, and nobody else.",
           {pods_in(in("ns", {"x", "y"}), not_in("tier", {"front"}))},
           {"x/a", "x/c", "y/a", "y/c"},
           {"P3"},
           front},
          {"exists-some-labelled",
           "Exists chooses who has the key, whatever its value.",
           {pods_in({}, exists("tier"))},
           {"x/b", "y/b"},
           {"P3"},
           front},
          {"empty-label-value",
           "An empty value is a value.",
           {pods(labelled({{"tier", ""}}))},
           {"x/c"},
           {"P3", "I4"},
           {relabel("x/b", {{"pod", "b"}, {"tier", "front"}}),
            relabel("x/c", {{"pod", "c"}, {"tier", ""}})}},
          {"label-key-host",
           "A label key may be called host.",
           {pods(labelled({{"host", "front"}}))},
           {"x/b"},
           {"D9", "I4"},
           {relabel("x/b", {{"pod", "b"}, {"host", "front"}})}},
          {"label-key-with-prefix",
           "A label key may have a prefix with dots and a slash.",
           {pods_in({}, labelled({{"example.com/role.name", "front_1"}}))},
           {"y/c"},
           {"D9", "I4"},
           {relabel("y/c", {{"pod", "c"}, {"example.com/role.name", "front_1"}})}},
          {"value-is-prefix",
           "A value that begins like another is another.",
           {pods_in({}, in("app", {"web"}))},
           {"x/b"},
           {"P3", "D9"},
           {relabel("x/b", {{"pod", "b"}, {"app", "web"}}),
            relabel("x/c", {{"pod", "c"}, {"app", "web-2"}}),
            relabel("y/b", {{"pod", "b"}, {"app", "we"}})}}};
}

std::vector<Choice> pods_of_their_own() {
  const Changes bare = {create(pod_of("x/bare", {})), create(pod_of("y/bare", {}))};
  return {{"unlabelled-pods-by-empty-selector",
           "An empty selector chooses pods without labels too.",
           {pods({})},
           {"x/*"},
           {"P2"},
           bare},
          {"unlabelled-pods-by-absence",
           "DoesNotExist can choose the pods that have no labels.",
           {pods_in({}, absent("pod"))},
           {"x/bare", "y/bare"},
           {"P3"},
           bare},
          {"unlabelled-pods-left-out",
           "Labels never choose pods that have none.",
           {pods_in({}, exists("pod"))},
           {"*/a", "*/b", "*/c"},
           {"P3"},
           bare}};
}

Case choosing(Direction direction, const Choice& choice) {
  auto expect = shut_xa(direction) + allow_peers(direction, choice.chosen, {});
  Changes changes = choice.before;
  changes.push_back(apply(about_xa(direction, choice.peers)));
  const std::string word(to_string(direction));
  return gap("selectors/" + word + "/" + choice.name,
             choice.reason,
             {{word, "selectors"}, choice.detects, {}},
             {step("apply", std::move(changes), std::move(expect))});
}

}  // namespace

std::vector<Case> selector_gaps() {
  std::vector<Case> cases;
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    for (const auto& part : {plain(), labels(), pods_of_their_own()}) {
      for (const auto& choice : part) {
        cases.push_back(choosing(direction, choice));
      }
    }
  }
  return cases;
}

}  // namespace nettest::catalogue
