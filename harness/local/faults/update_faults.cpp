// D3: policies that change.
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "harness/local/faults/following.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

/// Longer than anybody waits for an engine that enforces at once.
constexpr std::chrono::seconds kLate{5};

/// Edits each policy that was there before the change, given what was believed of it.
MakeMistake in_updates(void (*edit)(NetworkPolicy& now, const NetworkPolicy& old)) {
  return following([edit](const Believed& old, const Turn& turn) {
    Believed belief = turn.now;
    for (NetworkPolicy& policy : belief.state.policies) {
      const NetworkPolicy* const known = find_policy(old.state, policy.id);
      if (known != nullptr && find_policy(turn.before.state, policy.id) != nullptr) {
        edit(policy, *known);
      }
    }
    return belief;
  });
}

void add_rules(NetworkPolicy& now, const NetworkPolicy& old) {
  if (same_policy(now, old)) {
    return;
  }
  now.ingress.insert(now.ingress.end(), old.ingress.begin(), old.ingress.end());
  now.egress.insert(now.egress.end(), old.egress.begin(), old.egress.end());
}

void keep_types(NetworkPolicy& now, const NetworkPolicy& old) {
  now.isolates_ingress = old.isolates_ingress;
  now.isolates_egress = old.isolates_egress;
}

/// Policies that were changed or lost once stay lost until they change again.
Believed withdraw_updated(const Believed& old, const Turn& turn) {
  Believed belief = turn.now;
  std::erase_if(belief.state.policies, [&](const NetworkPolicy& policy) {
    const NetworkPolicy* const before = find_policy(turn.before.state, policy.id);
    const bool lost_already = find_policy(old.state, policy.id) == nullptr;
    return before != nullptr && (!unchanged(before, &policy) || lost_already);
  });
  return belief;
}

/// Sets of peers do not change while there is any policy.
MakeMistake frozen_peers() {
  return [] {
    Mistake mistake;
    mistake.beliefs = [frozen = std::shared_ptr<Believed>()](Believed& believed,
                                                             const NodeInput&) mutable {
      if (believed.state.policies.empty()) {
        frozen.reset();
        return;
      }
      if (!frozen) {
        frozen = std::make_shared<Believed>(believed);
      }
      Choosing choosing;
      choosing.peer = [&](const LabelSelector& selector, const Pod& pod) {
        const Pod* const known = find_pod(frozen->state.world, pod.id);
        return known != nullptr && selector_holds(selector, known->labels);
      };
      select_by(believed, choosing);
    };
    return mistake;
  };
}

/// Follows each change when it is kLate old.
MakeMistake late() {
  return [] {
    struct Waiting {
      /// Of the change that is not followed yet; none when everything is.
      TimePoint since;
      Believed shown;
      Believed next;
    };
    const auto nodes = std::make_shared<std::map<std::string, Waiting>>();
    const auto ripe = [](const Waiting& waiting) {
      return waiting.since != TimePoint() &&
             std::chrono::steady_clock::now() - waiting.since >= kLate;
    };
    Mistake mistake;
    mistake.beliefs = [nodes, ripe](Believed& believed, const NodeInput& input) {
      auto [found, is_new] = nodes->try_emplace(input.node);
      Waiting& waiting = found->second;
      if (is_new) {
        waiting = {{}, believed, believed};
      } else {
        if (ripe(waiting)) {
          waiting.shown = waiting.next;
          waiting.since = {};
        }
        if (waiting.since == TimePoint()) {
          waiting.since = std::chrono::steady_clock::now();
        }
      }
      waiting.next = believed;
      believed = waiting.shown;
    };
    mistake.overdue = [nodes, ripe] {
      return std::any_of(
          nodes->begin(), nodes->end(), [&](const auto& node) { return ripe(node.second); });
    };
    return mistake;
  };
}

std::vector<Fault> wrong_updates() {
  return {
      {"stale-after-update",
       "D3",
       "A policy that is changed is enforced as it was.",
       Flip::both,
       {issue("aws/aws-network-policy-agent", 206)},
       in_updates([](NetworkPolicy& now, const NetworkPolicy& old) { now = old; }),
       FaultKind::dynamic},
      {"update-keeps-old-rules",
       "D3",
       "The old rules of a policy that is changed stay beside the new ones.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 206)},
       in_updates(add_rules),
       FaultKind::dynamic},
      {"update-keeps-policy-types",
       "D3",
       "A change of policyTypes is not noticed.",
       Flip::both,
       {commit("cloudnativelabs/kube-router", "7777b9a8")},
       in_updates(keep_types),
       FaultKind::dynamic},
      {"update-withdraws-policy",
       "D3",
       "A policy that is changed is not enforced any more.",
       Flip::allows,
       {issue("antrea-io/antrea", 1635)},
       following(withdraw_updated),
       FaultKind::dynamic},
  };
}

std::vector<Fault> late_updates() {
  return {
      {"peers-frozen",
       "D3",
       "Pods that appear or are relabelled while a policy is in force are not admitted by it.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 378), issue("cloudnativelabs/kube-router", 2059)},
       frozen_peers(),
       FaultKind::dynamic},
      {"one-change-behind",
       "D3",
       "Each change is enforced when the next one comes.",
       Flip::both,
       {issue("aws/aws-network-policy-agent", 206)},
       following([](const Believed&, const Turn& turn) { return turn.before; }),
       FaultKind::dynamic},
      {"second-node-one-change-behind",
       "D3",
       "On one of the nodes each change is enforced when the next one comes.",
       Flip::both,
       {issue("aws/aws-network-policy-agent", 206)},
       following([](const Believed&, const Turn& turn) {
         return turn.node == "n2" ? turn.before : turn.now;
       }),
       FaultKind::dynamic},
      {"enforced-late",
       "D3",
       "Each change is enforced five seconds late.",
       Flip::both,
       {issue("cilium/cilium", 16302)},
       late(),
       FaultKind::dynamic},
  };
}

}  // namespace

std::vector<Fault> update_faults() {
  return joined({wrong_updates, late_updates});
}

}  // namespace nettest
