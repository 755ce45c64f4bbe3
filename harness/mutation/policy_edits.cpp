#include "harness/mutation/policy_edits.hpp"

#include <utility>

namespace nettest {

namespace {

class Edits {
 public:
  explicit Edits(const NetworkPolicy& policy) : policy_(policy) {}

  std::vector<PolicyEdit> all() && {
    edits_.push_back({"delete the policy", policy_.where, std::nullopt});
    if (!policy_.pod_selector.empty()) {
      add("select every pod of the namespace", policy_.where, [](NetworkPolicy& edited) {
        edited.pod_selector = {};
      });
    }
    if (policy_.isolates_ingress && policy_.isolates_egress) {
      add("drop policyType Ingress", policy_.where, [](NetworkPolicy& edited) {
        edited.isolates_ingress = false;
      });
      add("drop policyType Egress", policy_.where, [](NetworkPolicy& edited) {
        edited.isolates_egress = false;
      });
    }
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      for (std::size_t i = 0; i < rules(policy_, direction).size(); ++i) {
        edit_rule(direction, i);
      }
    }
    return std::move(edits_);
  }

 private:
  template <typename Edit>
  void add(const std::string& what, const Location& where, const Edit& edit) {
    NetworkPolicy edited = policy_;
    edit(edited);
    edits_.push_back({what, where.line == 0 ? policy_.where : where, std::move(edited)});
  }

  template <typename Edit>
  void add_in_rule(const std::string& what, const Location& where, const Edit& edit) {
    add(what + " of " + std::string(to_string(direction_)) + " rule " + std::to_string(rule_ + 1),
        where,
        [&](NetworkPolicy& edited) { edit(list(edited)[rule_]); });
  }

  [[nodiscard]] std::vector<PolicyRule>& list(NetworkPolicy& policy) const {
    return direction_ == Direction::ingress ? policy.ingress : policy.egress;
  }

  void edit_rule(Direction direction, std::size_t index) {
    direction_ = direction;
    rule_ = index;
    const PolicyRule& rule = rules(policy_, direction)[index];
    add("drop " + std::string(to_string(direction)) + " rule " + std::to_string(index + 1),
        rule.where,
        [&](NetworkPolicy& edited) {
          list(edited).erase(list(edited).begin() + static_cast<std::ptrdiff_t>(index));
        });
    for (std::size_t i = 0; i < rule.peers.size(); ++i) {
      edit_peer(rule, i);
    }
    for (std::size_t i = 0; i < rule.ports.size(); ++i) {
      const bool only = rule.ports.size() == 1;
      add_in_rule(only ? "drop the only port (so that every port is open)"
                       : "drop port " + std::to_string(i + 1),
                  rule.ports[i].where,
                  [i](PolicyRule& edited) {
                    edited.ports.erase(edited.ports.begin() + static_cast<std::ptrdiff_t>(i));
                  });
    }
  }

  void edit_peer(const PolicyRule& rule, std::size_t i) {
    const PolicyPeer& peer = rule.peers[i];
    const std::string number = std::to_string(i + 1);
    add_in_rule(rule.peers.size() == 1 ? "drop the only peer (so that everybody is one)"
                                       : "drop peer " + number,
                peer.where,
                [i](PolicyRule& edited) {
                  edited.peers.erase(edited.peers.begin() + static_cast<std::ptrdiff_t>(i));
                });
    if (peer.pod_selector && !peer.pod_selector->empty()) {
      add_in_rule("admit every pod in peer " + number, peer.where, [i](PolicyRule& edited) {
        edited.peers[i].pod_selector = LabelSelector{};
      });
    }
    if (peer.namespace_selector && !peer.namespace_selector->empty()) {
      add_in_rule("admit every namespace in peer " + number, peer.where, [i](PolicyRule& edited) {
        edited.peers[i].namespace_selector = LabelSelector{};
      });
    }
    if (peer.pod_selector && !peer.namespace_selector) {
      add_in_rule("admit pods of every namespace in peer " + number,
                  peer.where,
                  [i](PolicyRule& edited) { edited.peers[i].namespace_selector.emplace(); });
    }
    if (peer.ip_block && !peer.ip_block->except.empty()) {
      add_in_rule("drop except in peer " + number, peer.where, [i](PolicyRule& edited) {
        edited.peers[i].ip_block->except.clear();
      });
    }
  }

  const NetworkPolicy& policy_;
  Direction direction_ = Direction::ingress;
  std::size_t rule_ = 0;
  std::vector<PolicyEdit> edits_;
};

}  // namespace

std::vector<PolicyEdit> edits_of(const NetworkPolicy& policy) {
  return Edits(policy).all();
}

}  // namespace nettest
