// I5, D5, D6, D7, D9, D10: pods that come and go.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "harness/local/faults/following.hpp"
#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

const char* const kNew = "\x01new";

/// Knows which pods began with the engine, which came with the last change, and what went before.
class PodHistory {
 public:
  /// Takes note of what is now; once for each generation and node.
  void note(const Believed& now, const NodeInput& input) {
    Node& node = nodes_[input.node];
    if (node.generation == input.generation) {
      return;
    }
    const bool begun = node.generation != 0;
    node.generation = input.generation;
    node.fresh.clear();
    for (const Pod& pod : node.last.state.world.pods) {
      if (!lived_through(pod.id, node.last, now)) {
        node.gone.insert_or_assign(pod.id, pod);
      }
    }
    for (const Pod& pod : now.state.world.pods) {
      if (begun && !lived_through(pod.id, node.last, now)) {
        node.fresh.insert(pod.id);
        node.later.insert(pod.id);
      }
    }
    node.last = now;
  }
  /// Came with the last change.
  [[nodiscard]] bool fresh(const std::string& node, const PodId& id) const {
    return nodes_.at(node).fresh.contains(id);
  }
  /// Came after the beginning.
  [[nodiscard]] bool later(const std::string& node, const PodId& id) const {
    return nodes_.at(node).later.contains(id);
  }
  /// Went at any time, as it was; also under a name that was used again.
  [[nodiscard]] const std::map<PodId, Pod>& gone(const std::string& node) const {
    return nodes_.at(node).gone;
  }

 private:
  struct Node {
    unsigned generation = 0;
    Believed last;
    std::set<PodId> fresh;
    std::set<PodId> later;
    std::map<PodId, Pod> gone;
  };
  std::map<std::string, Node> nodes_;
};

using WithHistory = void (*)(Believed&, const PodHistory&, const std::string& node);

MakeMistake knowing_pods(WithHistory edit) {
  return [edit] {
    Mistake mistake;
    mistake.beliefs = [edit, history = PodHistory()](Believed& believed,
                                                     const NodeInput& input) mutable {
      history.note(believed, input);
      edit(believed, history, input.node);
    };
    return mistake;
  };
}

/// Pods for which `hidden` holds are chosen by no selector of that place.

void hide(Believed& believed,
          std::function<bool(const LabelSelector&, const Pod&)> Choosing::*place,
          const std::function<bool(const PodId&)>& hidden) {
  Choosing choosing;
  choosing.*place = [&](const LabelSelector& selector, const Pod& pod) {
    return !hidden(pod.id) && selector_holds(selector, pod.labels);
  };
  select_by(believed, choosing);
}

void fresh_are_no_targets(Believed& believed, const PodHistory& history, const std::string& node) {
  hide(believed, &Choosing::target, [&](const PodId& id) { return history.fresh(node, id); });
}

void later_are_no_targets(Believed& believed, const PodHistory& history, const std::string& node) {
  hide(believed, &Choosing::target, [&](const PodId& id) { return history.later(node, id); });
}

void fresh_are_no_peers(Believed& believed, const PodHistory& history, const std::string& node) {
  hide(believed, &Choosing::peer, [&](const PodId& id) { return history.fresh(node, id); });
}

void remote_are_no_peers(Believed& believed, const PodHistory& history, const std::string& node) {
  const AddressBook addresses = believed.addresses;
  hide(believed, &Choosing::peer, [&](const PodId& id) {
    const auto home = addresses.node_of.find(id);
    return history.fresh(node, id) && home != addresses.node_of.end() && home->second != node;
  });
}

void made_again_are_no_targets(Believed& believed,
                               const PodHistory& history,
                               const std::string& node) {
  hide(believed, &Choosing::target, [&](const PodId& id) {
    return history.gone(node).contains(id);
  });
}

/// Fresh pods are cut off in both directions.
void fresh_are_isolated(Believed& believed, const PodHistory& history, const std::string& node) {
  for (Pod& pod : believed.state.world.pods) {
    if (!history.fresh(node, pod.id)) {
      continue;
    }
    pod.labels[kNew] = pod.id.name;
    NetworkPolicy isolation;
    isolation.id = {pod.id.namespace_name, kNew + pod.id.name};
    isolation.pod_selector.match_labels = {{kNew, pod.id.name}};
    isolation.isolates_egress = true;
    believed.state.policies.push_back(std::move(isolation));
  }
}

std::vector<Fault> beginnings() {
  return {
      {"later-pods-not-isolated",
       "I5",
       "Pods that are made after the policies are never isolated by them.",
       Flip::allows,
       {issue("openshift/openshift-docs", 20691)},
       knowing_pods(later_are_no_targets),
       FaultKind::dynamic},
      {"new-pod-open",
       "D7",
       "A new pod is not isolated until the next change.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 873), issue("aws/aws-network-policy-agent", 186)},
       knowing_pods(fresh_are_no_targets),
       FaultKind::dynamic},
      {"new-pod-cut-off",
       "D7",
       "A new pod is cut off until the next change.",
       Flip::denies,
       {"https://github.com/MicrosoftDocs/azure-aks-docs"},
       knowing_pods(fresh_are_isolated),
       FaultKind::dynamic},
      {"new-pod-not-admitted",
       "D7",
       "Rules do not admit a new pod until the next change.",
       Flip::denies,
       {issue("cilium/cilium", 16302)},
       knowing_pods(fresh_are_no_peers),
       FaultKind::dynamic},
      {"new-pod-unknown-on-other-nodes",
       "D7",
       "Rules on other nodes do not admit a new pod until the next change.",
       Flip::denies,
       {issue("cilium/cilium", 16302)},
       knowing_pods(remote_are_no_peers),
       FaultKind::dynamic},
  };
}

/// As if a new pod had the address of one that went: it is taken for that one.
void take_for_predecessor(Believed& believed, const PodHistory& history, const std::string& node) {
  for (Pod& pod : believed.state.world.pods) {
    if (!history.later(node, pod.id)) {
      continue;
    }
    for (const auto& [id, old] : history.gone(node)) {
      if (id != pod.id && id.namespace_name == pod.id.namespace_name) {
        pod.labels = old.labels;
        break;
      }
    }
  }
}

/// As if a late event of a pod that went had taken its successor's address out of all sets.
void lose_successor(Believed& believed, const PodHistory& history, const std::string& node) {
  if (history.gone(node).empty()) {
    return;
  }
  std::erase_if(believed.state.world.pods,
                [&](const Pod& pod) { return history.later(node, pod.id); });
}

/// The first pod that goes takes along the identity of all that have its labels.
void release_identity(Believed& believed, const PodHistory& history, const std::string& node) {
  for (const auto& [id, old] : history.gone(node)) {
    for (Pod& pod : believed.state.world.pods) {
      if (pod.id.namespace_name == id.namespace_name && !old.labels.empty() &&
          pod.labels == old.labels && !history.later(node, pod.id)) {
        pod.labels.clear();
      }
    }
  }
}

void keep_first_labels(Believed& believed, const PodHistory& history, const std::string& node) {
  for (Pod& pod : believed.state.world.pods) {
    const auto old = history.gone(node).find(pod.id);
    if (old != history.gone(node).end()) {
      pod.labels = old->second.labels;
    }
  }
}

std::vector<Fault> ends() {
  return {
      {"new-pod-taken-for-predecessor",
       "D5",
       "A new pod is taken for a pod that went, as if it had got its address.",
       Flip::both,
       {issue("antrea-io/antrea", 6507),
        issue("cloudnativelabs/kube-router", 1056),
        issue("Azure/azure-container-networking", 428)},
       knowing_pods(take_for_predecessor),
       FaultKind::dynamic},
      {"late-delete-hits-successor",
       "D5",
       "Where a pod went, its successor is lost from all sets: never isolated, never admitted.",
       Flip::both,
       {issue("Azure/azure-container-networking", 562),
        issue("weaveworks/weave", 3177),
        issue("antrea-io/antrea", 3467),
        issue("cilium/cilium", 16565)},
       knowing_pods(lose_successor),
       FaultKind::dynamic},
      {"identity-goes-with-first-pod",
       "D6",
       "When one of several pods with the same labels goes, the identity of those that still run "
       "is withdrawn.",
       Flip::both,
       {issue("projectcalico/calico", 4518), issue("Azure/azure-container-networking", 1095)},
       knowing_pods(release_identity),
       FaultKind::dynamic},
      {"recreated-pod-keeps-labels",
       "D10",
       "A pod that is made again under its name is taken for the old one, labels and all.",
       Flip::both,
       {issue("aws/aws-network-policy-agent", 616)},
       knowing_pods(keep_first_labels),
       FaultKind::dynamic},
      {"recreated-pod-not-isolated",
       "D10",
       "A pod that is made again under its name is not isolated.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 676)},
       knowing_pods(made_again_are_no_targets),
       FaultKind::dynamic},
  };
}

/// Of the pods that `key` cannot tell apart, only the last one is isolated.
void last_of_each_key(Believed& believed, const std::function<std::string(const Pod&)>& key) {
  std::map<std::string, PodId> last;
  for (const Pod& pod : believed.state.world.pods) {
    last[key(pod)] = pod.id;
  }
  Choosing choosing;
  choosing.target = [&](const LabelSelector& selector, const Pod& pod) {
    return last[key(pod)] == pod.id && selector_holds(selector, pod.labels);
  };
  select_by(believed, choosing);
}

std::vector<Fault> keys() {
  return {
      {"pod-keys-concatenated",
       "D9",
       "Pods are kept by name and namespace without anything between them: of c in ab and bc in a "
       "only the last one is isolated.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 563)},
       in_beliefs([](Believed& believed) {
         last_of_each_key(believed,
                          [](const Pod& pod) { return pod.id.namespace_name + pod.id.name; });
       })},
      {"pod-names-collide-on-node",
       "D9",
       "Pods of a node are kept by their names alone: of the same name in several namespaces only "
       "the last one is isolated.",
       Flip::allows,
       {issue("aws/aws-network-policy-agent", 576)},
       in_beliefs([](Believed& believed) {
         const AddressBook addresses = believed.addresses;
         last_of_each_key(believed, [&](const Pod& pod) {
           const auto home = addresses.node_of.find(pod.id);
           return pod.id.name + "@" + (home == addresses.node_of.end() ? "" : home->second);
         });
       })},
  };
}

}  // namespace

std::vector<Fault> pod_faults() {
  return joined({beginnings, ends, keys});
}

}  // namespace nettest
