// D4, D9: policies that go, and policies that are mixed up.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/local/faults/following.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

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
  std::vector<Fault> all = deletions();
  all.push_back({"policy-names-collide",
                 "D9",
                 "Of policies with the same name in several namespaces only the last one counts.",
                 Flip::allows,
                 {issue("cilium/cilium", 1938), issue("aws/containers-roadmap", 2772)},
                 in_beliefs(one_per_name)});
  return all;
}

}  // namespace nettest
