// D1, D2: labels that change.
#include <memory>
#include <set>

#include "harness/local/faults/following.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

/// Edits the labels of every pod that lived through the change, given those believed before.
MakeMistake in_pod_labels(void (*edit)(Labels& now, const Labels& old)) {
  return following([edit](const Believed& old, const Turn& turn) {
    Believed belief = turn.now;
    for (Pod& pod : belief.state.world.pods) {
      const Pod* const known = find_pod(old.state.world, pod.id);
      if (known != nullptr && lived_through(pod.id, turn.before, turn.now)) {
        edit(pod.labels, known->labels);
      }
    }
    return belief;
  });
}

MakeMistake in_namespace_labels(void (*edit)(Labels& now, const Labels& old)) {
  return following([edit](const Believed& old, const Turn& turn) {
    Believed belief = turn.now;
    for (Namespace& ns : belief.state.world.namespaces) {
      const Namespace* const known = find_namespace(old.state.world, ns.name);
      if (known != nullptr && find_namespace(turn.before.state.world, ns.name) != nullptr) {
        edit(ns.labels, known->labels);
      }
    }
    return belief;
  });
}

void stale(Labels& now, const Labels& old) {
  now = old;
}

void never_removed(Labels& now, const Labels& old) {
  now.insert(old.begin(), old.end());
}

/// The labels that each pod had at first, for one of the two places where they are looked at.
enum class Place { target, peer };

MakeMistake stale_at(Place place) {
  return [place] {
    const Mistake history = in_pod_labels(stale)();
    Mistake mistake;
    mistake.beliefs = [place, history](Believed& believed, const NodeInput& input) {
      const auto old = std::make_shared<Believed>(believed);
      history.beliefs(*old, input);
      const auto chooses = [old](const LabelSelector& selector, const Pod& pod) {
        const Pod* const known = find_pod(old->state.world, pod.id);
        return known != nullptr && selector_holds(selector, known->labels);
      };
      Choosing choosing;
      (place == Place::target ? choosing.target : choosing.peer) = chooses;
      select_by(believed, choosing);
    };
    return mistake;
  };
}

std::vector<Fault> pods() {
  return {
      {"pod-label-change-unnoticed",
       "D1",
       "Labels of a pod that change while it runs are not noticed.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 1035), issue("kubeovn/kube-ovn", 1920)},
       in_pod_labels(stale),
       FaultKind::dynamic},
      {"peer-label-change-unnoticed",
       "D1",
       "A pod whose labels change stays the peer that it was; as a target it is noticed.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 1099)},
       stale_at(Place::peer),
       FaultKind::dynamic},
      {"target-label-change-unnoticed",
       "D1",
       "A pod whose labels change stays under the policies that it was under.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 1035)},
       stale_at(Place::target),
       FaultKind::dynamic},
      {"removed-pod-label-stays",
       "D1",
       "A label that is removed from a pod keeps its effect.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 1099)},
       in_pod_labels(never_removed),
       FaultKind::dynamic},
  };
}

/// Namespaces that were made later are chosen by no selector.
MakeMistake new_namespaces_unknown() {
  return [] {
    Mistake mistake;
    mistake.beliefs = [known = std::set<std::string>(), begun = false](Believed& believed,
                                                                       const NodeInput&) mutable {
      if (!begun) {
        for (const Namespace& ns : believed.state.world.namespaces) {
          known.insert(ns.name);
        }
        begun = true;
      }
      Choosing choosing;
      choosing.peer_namespace = [&known](const LabelSelector& selector, const Namespace& ns) {
        return known.contains(ns.name) && selector_holds(selector, ns.labels);
      };
      select_by(believed, choosing);
    };
    return mistake;
  };
}

std::vector<Fault> namespaces() {
  return {
      {"namespace-label-change-unnoticed",
       "D2",
       "Labels of a namespace that change are not noticed.",
       Flip::both,
       {issue("kubernetes-sigs/kube-network-policies", 223), issue("kubeovn/kube-ovn", 1920)},
       in_namespace_labels(stale),
       FaultKind::dynamic},
      {"removed-namespace-label-stays",
       "D2",
       "A label that is removed from a namespace keeps its effect.",
       Flip::both,
       {issue("ovn-kubernetes/ovn-kubernetes", 1850)},
       in_namespace_labels(never_removed),
       FaultKind::dynamic},
      {"new-namespace-unknown",
       "D2",
       "A namespace that is made later is chosen by no namespaceSelector.",
       Flip::denies,
       {issue("Azure/azure-container-networking", 865)},
       new_namespaces_unknown(),
       FaultKind::dynamic},
  };
}

}  // namespace

std::vector<Fault> label_faults() {
  return joined({pods, namespaces});
}

}  // namespace nettest
