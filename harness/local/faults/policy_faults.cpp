// D3, D4, D9: policies that change and go.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

/// Longer than anybody waits for an engine that enforces at once.
constexpr std::chrono::seconds kLate{5};

bool unchanged(const NetworkPolicy* a, const NetworkPolicy* b) {
  return a != nullptr && b != nullptr && same_policy(*a, *b);
}

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

std::vector<Fault> updates() {
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

bool gone(const PolicyId& id, const Turn& turn) {
  return find_policy(turn.now.state, id) == nullptr;
}

Believed keep_deleted(const Believed& old, const Turn& turn) {
  Believed belief = turn.now;
  for (const NetworkPolicy& policy : old.state.policies) {
    if (gone(policy.id, turn) &&
        find_namespace(turn.now.state.world, policy.id.namespace_name) != nullptr) {
      belief.state.policies.push_back(policy);
    }
  }
  return belief;
}

/// With one policy all others of its namespace go, until they change.
Believed delete_others(const Believed& old, const Turn& turn) {
  std::set<std::string> hit;
  for (const NetworkPolicy& policy : turn.before.state.policies) {
    if (gone(policy.id, turn)) {
      hit.insert(policy.id.namespace_name);
    }
  }
  Believed belief = turn.now;
  std::erase_if(belief.state.policies, [&](const NetworkPolicy& policy) {
    const bool same = unchanged(find_policy(turn.before.state, policy.id), &policy);
    return same &&
           (hit.contains(policy.id.namespace_name) || find_policy(old.state, policy.id) == nullptr);
  });
  return belief;
}

/// What a deleted policy leaves: the isolation without the rules.
NetworkPolicy remains_of(const NetworkPolicy& policy, bool ingress, bool egress) {
  NetworkPolicy remains = policy;
  remains.id.name = "\x01left-by-" + policy.id.name;
  remains.ingress.clear();
  remains.egress.clear();
  remains.isolates_ingress = ingress;
  remains.isolates_egress = egress;
  return remains;
}

bool any_policy_in(const ClusterState& state, const std::string& ns) {
  return std::any_of(state.policies.begin(), state.policies.end(), [&](const auto& policy) {
    return policy.id.namespace_name == ns;
  });
}

/// Remains of earlier changes stay as long as `stays` holds of their namespace.
template <typename Stays>
void carry_remains(const Believed& old, Believed& belief, const Stays& stays) {
  for (const NetworkPolicy& policy : old.state.policies) {
    if (policy.id.name.starts_with('\x01') && stays(policy.id.namespace_name)) {
      belief.state.policies.push_back(policy);
    }
  }
}

Believed isolated_for_good(const Believed& old, const Turn& turn) {
  Believed belief = turn.now;
  const auto bare = [&](const std::string& ns) { return !any_policy_in(turn.now.state, ns); };
  carry_remains(old, belief, bare);
  for (const NetworkPolicy& policy : turn.before.state.policies) {
    if (gone(policy.id, turn) && bare(policy.id.namespace_name)) {
      belief.state.policies.push_back(
          remains_of(policy, policy.isolates_ingress, policy.isolates_egress));
    }
  }
  return belief;
}

Believed egress_lost_with_ingress(const Believed& old, const Turn& turn) {
  Believed belief = turn.now;
  const auto policed = [&](const std::string& ns) { return any_policy_in(turn.now.state, ns); };
  carry_remains(old, belief, policed);
  for (const NetworkPolicy& policy : turn.before.state.policies) {
    if (gone(policy.id, turn) && policy.isolates_ingress && !policy.isolates_egress &&
        policed(policy.id.namespace_name)) {
      belief.state.policies.push_back(remains_of(policy, false, true));
    }
  }
  return belief;
}

/// Remembers deleted policies; one that comes back under the same name is the old one.
MakeMistake old_ones_return() {
  return [] {
    Mistake mistake;
    mistake.beliefs = [known = std::map<PolicyId, NetworkPolicy>(), present = std::set<PolicyId>()](
                          Believed& believed, const NodeInput&) mutable {
      std::set<PolicyId> now;
      for (NetworkPolicy& policy : believed.state.policies) {
        now.insert(policy.id);
        const auto old = known.find(policy.id);
        const bool updated = present.contains(policy.id) && old != known.end();
        if (old == known.end() || updated) {
          known.insert_or_assign(policy.id, policy);
        } else {
          policy = old->second;
        }
      }
      present = std::move(now);
    };
    return mistake;
  };
}

std::vector<Fault> deletions() {
  return {
      {"deleted-policy-stays",
       "D4",
       "A policy that is deleted stays in force.",
       Flip::denies,
       {issue("k3s-io/k3s", 7244)},
       following(keep_deleted),
       FaultKind::dynamic},
      {"delete-takes-others-along",
       "D4",
       "With one policy all others of its namespace cease to be enforced.",
       Flip::allows,
       {issue("antrea-io/antrea", 4986)},
       following(delete_others),
       FaultKind::dynamic},
      {"isolation-outlives-last-policy",
       "D4",
       "Pods stay isolated when the last policy of their namespace is deleted.",
       Flip::denies,
       {"https://edixos.com/en/blog/gke-dataplane-v2-stale-ebpf-networkpolicy"},
       following(isolated_for_good),
       FaultKind::dynamic},
      {"delete-ingress-cuts-egress",
       "D4",
       "Deleting one of several policies cuts the egress of the pods that it isolated for ingress.",
       Flip::denies,
       {issue("aws/aws-network-policy-agent", 591)},
       following(egress_lost_with_ingress),
       FaultKind::dynamic},
      {"recreated-policy-is-old",
       "D4",
       "A policy that is deleted and made again under its name is enforced as the old one.",
       Flip::both,
       {issue("antrea-io/antrea", 4986)},
       old_ones_return(),
       FaultKind::dynamic},
  };
}

/// Policies are kept by their names alone: the last one of a name is the only one.
void one_per_name(Believed& believed) {
  std::map<std::string, PolicyId> last;
  for (const NetworkPolicy& policy : believed.state.policies) {
    last[policy.id.name] = policy.id;
  }
  std::erase_if(believed.state.policies,
                [&](const NetworkPolicy& policy) { return last[policy.id.name] != policy.id; });
}

}  // namespace

std::vector<Fault> policy_faults() {
  std::vector<Fault> all = updates();
  auto more = deletions();
  std::move(more.begin(), more.end(), std::back_inserter(all));
  all.push_back({"policy-names-collide",
                 "D9",
                 "Of policies with the same name in several namespaces only the last one counts.",
                 Flip::allows,
                 {issue("cilium/cilium", 1938), issue("aws/containers-roadmap", 2772)},
                 in_beliefs(one_per_name)});
  return all;
}

}  // namespace nettest
