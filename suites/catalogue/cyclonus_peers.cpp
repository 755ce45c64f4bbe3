// Peers: none, each kind alone, and every pair of two kinds.
#include <algorithm>
#include <utility>

#include "suites/catalogue/cyclonus.hpp"

namespace nettest::catalogue {

namespace {

struct Kind {
  std::string name;
  PolicyPeer peer;
  Words tags;
  Words detects;
  /// The pods that it certainly selects, worked out by hand for a policy of namespace x.
  Words selects;
};

bool is_block(const Kind& kind) {
  return kind.peer.ip_block.has_value();
}

/// In the order of cyclonus, which leaves out the peer without any selector.
std::vector<Kind> kinds() {
  const LabelSelector c = labelled({{"pod", "c"}});
  const LabelSelector x = labelled({{"ns", "x"}});
  const std::string block24 = "$(ip z/c)/24";
  return {
      {"empty-pods", pods({}), {"policy-namespace", "all-pods"}, {"P2", "P4"}, {"x/*"}},
      {"pods-by-label", pods(c), {"policy-namespace", "pods-by-label"}, {"P4"}, {"x/c"}},
      {"empty-namespaces", namespaces({}), {"all-namespaces", "all-pods"}, {"P2"}, {"*/*"}},
      {"empty-pods+empty-namespaces",
       pods_in({}, {}),
       {"all-namespaces", "all-pods"},
       {"P2"},
       {"*/*"}},
      {"pods-by-label+empty-namespaces",
       pods_in({}, c),
       {"all-namespaces", "pods-by-label"},
       {"P1", "P2"},
       {"*/c"}},
      {"namespaces-by-label",
       namespaces(x),
       {"namespaces-by-label", "all-pods"},
       {"P2", "P4"},
       {"x/*"}},
      {"empty-pods+namespaces-by-label",
       pods_in(x, {}),
       {"namespaces-by-label", "all-pods"},
       {"P1", "P2"},
       {"x/*"}},
      {"pods-by-label+namespaces-by-label",
       pods_in(x, c),
       {"namespaces-by-label", "pods-by-label"},
       {"P1"},
       {"x/c"}},
      {"ip-block", block(block24), {"ip-block-no-except"}, {"B4", "B5"}, {"z/c"}},
      {"ip-block-except",
       block(block24, {"$(ip z/c)/28"}),
       {"ip-block-with-except"},
       {"B1", "B5"},
       {}},
  };
}

/// What a policy means whose first rule of `direction` has the peers `selects`. Which other
/// pods have addresses in a block is not known before deployment.
std::vector<Expectation> meaning(Direction direction, const Words& selects, bool blocks) {
  if (!blocks) {
    return shut_around_xa() + base_of(opposite(direction)) +
           allow_peers(direction, selects, {":80/TCP"});
  }
  const bool in = direction == Direction::ingress;
  return expecting({in ? "deny */* -> x/a:81/TCP" : "deny x/a -> *:81/TCP",
                    in ? "deny z/c -> x/a:80/TCP" : "deny x/a -> z/c:80/TCP",
                    "allow x/a -> x/a"}) +
         allow_peers(direction, selects, {":80/TCP"});
}

NetworkPolicy with_peers(Direction direction, Peers peers) {
  NetworkPolicy policy = base_policy();
  first_rule(policy, direction).peers = std::move(peers);
  return policy;
}

Words joined(Words left, const Words& right) {
  for (const auto& word : right) {
    if (std::find(left.begin(), left.end(), word) == left.end()) {
      left.push_back(word);
    }
  }
  return left;
}

std::string prefix(Direction direction) {
  return "peers/" + std::string(to_string(direction)) + "/";
}

Case no_peers(Direction direction) {
  return one_step(prefix(direction) + "none",
                  "A rule without peers is about everybody.",
                  {{std::string(to_string(direction)), "any-peer"}, {"P6"}, {}},
                  with_peers(direction, {}),
                  meaning(direction, {"*/*"}, false));
}

Case one_peer(Direction direction, const Kind& kind) {
  return one_step(prefix(direction) + kind.name,
                  "One peer: " + kind.name + "; nobody else gets through.",
                  {joined({std::string(to_string(direction))}, kind.tags), kind.detects, {}},
                  with_peers(direction, {kind.peer}),
                  meaning(direction, kind.selects, is_block(kind)));
}

Case two_peers(Direction direction, const Kind& first, const Kind& second) {
  const Words tags = joined({std::string(to_string(direction)), "multi-peer"}, first.tags);
  return one_step(
      prefix(direction) + first.name + "," + second.name,
      "Two peers of one rule: whoever fits " + first.name + " or " + second.name + ".",
      {joined(tags, second.tags), joined({"P1", "I2"}, second.detects), {}},
      with_peers(direction, {first.peer, second.peer}),
      meaning(
          direction, joined(first.selects, second.selects), is_block(first) || is_block(second)));
}

}  // namespace

std::vector<Case> peers_cases() {
  std::vector<Case> cases;
  const auto all = kinds();
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    cases.push_back(no_peers(direction));
  }
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    for (const auto& kind : all) {
      cases.push_back(one_peer(direction, kind));
    }
  }
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        cases.push_back(two_peers(direction, all[i], all[j]));
      }
    }
  }
  return cases;
}

}  // namespace nettest::catalogue
