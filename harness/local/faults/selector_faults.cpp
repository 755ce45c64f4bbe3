// P2, P3: which labels a selector holds for.
#include <algorithm>

#include "harness/local/faults/rewrite.hpp"

namespace nettest {

namespace {

using PeerList = std::vector<PolicyPeer>;

std::vector<Fault> empty_selectors() {
  return {
      {"empty-policy-selector-selects-nobody",
       "P2",
       "A policy with podSelector {} isolates no pod.",
       Flip::allows,
       {issue("cloudnativelabs/kube-router", 90)},
       without_policies([](const NetworkPolicy& policy) { return policy.pod_selector.empty(); })},
      {"selector-without-expressions-is-empty",
       "P2",
       "A policy whose podSelector has only matchLabels isolates every pod of the namespace.",
       Flip::denies,
       {commit("cloudnativelabs/kube-router", "279bc66a")},
       in_policies([](NetworkPolicy& policy) {
         if (policy.pod_selector.match_expressions.empty()) {
           policy.pod_selector = {};
         }
       })},
      {"empty-pod-peer-admits-nobody",
       "P2",
       "A peer with podSelector {} and no namespaceSelector admits nobody.",
       Flip::denies,
       {issue("openshift/sdn", 459)},
       in_peers([](PeerList& peers) {
         std::erase_if(peers, [](const PolicyPeer& peer) {
           return peer.pod_selector && peer.pod_selector->empty() && !peer.namespace_selector;
         });
       })},
      {"empty-pod-peer-admits-everybody",
       "P2",
       "A peer with podSelector {} admits every address instead of the pods of its namespace.",
       Flip::allows,
       {issue("cilium/cilium", 4513)},
       in_rules([](std::vector<PolicyRule>& rules, Direction) {
         for (PolicyRule& rule : rules) {
           if (std::any_of(rule.peers.begin(), rule.peers.end(), [](const PolicyPeer& peer) {
                 return peer.pod_selector && peer.pod_selector->empty() && !peer.namespace_selector;
               })) {
             rule.peers.clear();
           }
         }
       })},
      {"empty-namespace-peer-is-own",
       "P2",
       "namespaceSelector {} means the policy's own namespace instead of every one.",
       Flip::denies,
       {issue("openshift/sdn", 459)},
       in_peers([](PeerList& peers) {
         for (PolicyPeer& peer : peers) {
           if (peer.namespace_selector && peer.namespace_selector->empty()) {
             peer.namespace_selector.reset();
             peer.pod_selector = peer.pod_selector.value_or(LabelSelector{});
           }
         }
       })},
      {"empty-namespace-peer-admits-nobody",
       "P2",
       "namespaceSelector {} chooses no namespace.",
       Flip::denies,
       {issue("ovn-kubernetes/ovn-kubernetes", 3669)},
       in_peers([](PeerList& peers) {
         std::erase_if(peers, [](const PolicyPeer& peer) {
           return peer.namespace_selector && peer.namespace_selector->empty();
         });
       })},
  };
}

/// A reading of labels in which each requirement is first made into another one.
MakeMistake with_requirement(void (*edit)(SelectorRequirement&)) {
  return reading_labels([edit](const LabelSelector& selector, const Labels& labels) {
    LabelSelector wrong = selector;
    for (SelectorRequirement& requirement : wrong.match_expressions) {
      edit(requirement);
    }
    return selector_holds(wrong, labels);
  });
}

LabelSelector only(const SelectorRequirement& requirement) {
  return {{}, {requirement}};
}

bool any_label(const LabelSelector& selector, const Labels& labels) {
  LabelSelector expressions = selector;
  expressions.match_labels.clear();
  const bool one =
      selector.match_labels.empty() ||
      std::any_of(
          selector.match_labels.begin(), selector.match_labels.end(), [&](const auto& wanted) {
            return selector_holds({{wanted}, {}}, labels);
          });
  return one && selector_holds(expressions, labels);
}

bool any_expression(const LabelSelector& selector, const Labels& labels) {
  const auto& expressions = selector.match_expressions;
  return selector_holds({selector.match_labels, {}}, labels) &&
         (expressions.empty() ||
          std::any_of(expressions.begin(), expressions.end(), [&](const auto& one) {
            return selector_holds(only(one), labels);
          }));
}

bool several_values_fail(const LabelSelector& selector, const Labels& labels) {
  return selector_holds(selector, labels) && std::none_of(selector.match_expressions.begin(),
                                                          selector.match_expressions.end(),
                                                          [](const SelectorRequirement& one) {
                                                            return one.op == SelectorOperator::in &&
                                                                   one.values.size() > 1;
                                                          });
}

bool keys_are_needed(const LabelSelector& selector, const Labels& labels) {
  return selector_holds(selector, labels) &&
         std::all_of(selector.match_expressions.begin(),
                     selector.match_expressions.end(),
                     [&](const SelectorRequirement& one) {
                       return one.op != SelectorOperator::not_in || labels.contains(one.key);
                     });
}

bool some_label_is_needed(const LabelSelector& selector, const Labels& labels) {
  return selector_holds(selector, labels) &&
         (!labels.empty() || std::none_of(selector.match_expressions.begin(),
                                          selector.match_expressions.end(),
                                          [](const SelectorRequirement& one) {
                                            return one.op == SelectorOperator::does_not_exist;
                                          }));
}

std::vector<Fault> values() {
  return {
      {"in-with-several-values-fails",
       "P3",
       "matchExpressions In with two or more values chooses nothing.",
       Flip::both,
       {issue("Azure/AKS", 2006)},
       reading_labels(several_values_fail)},
      {"in-takes-first-value",
       "P3",
       "Of the values of In only the first one counts.",
       Flip::both,
       {issue("Azure/AKS", 2006)},
       with_requirement([](SelectorRequirement& one) {
         if (one.op == SelectorOperator::in && one.values.size() > 1) {
           one.values.resize(1);
         }
       })},
      {"in-ignores-values",
       "P3",
       "In is read as Exists: the values are not compared.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 614)},
       with_requirement([](SelectorRequirement& one) {
         if (one.op == SelectorOperator::in) {
           one.op = SelectorOperator::exists;
         }
       })},
      {"not-in-means-in",
       "P3",
       "NotIn loses its negation.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 614)},
       with_requirement([](SelectorRequirement& one) {
         if (one.op == SelectorOperator::not_in) {
           one.op = SelectorOperator::in;
         }
       })},
      {"not-in-needs-the-key",
       "P3",
       "NotIn does not hold where the key is missing.",
       Flip::both,
       {issue("contiv/vpp", 798)},
       reading_labels(keys_are_needed)},
  };
}

std::vector<Fault> keys() {
  return {
      {"match-expressions-ignored",
       "P3",
       "Only matchLabels are evaluated.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 614), issue("deckhouse/deckhouse", 5344)},
       reading_labels([](const LabelSelector& selector, const Labels& labels) {
         return selector_holds({selector.match_labels, {}}, labels);
       })},
      {"match-labels-ignored-beside-expressions",
       "P3",
       "matchLabels are lost where matchExpressions are given.",
       Flip::both,
       {commit("cloudnativelabs/kube-router", "279bc66a")},
       reading_labels([](const LabelSelector& selector, const Labels& labels) {
         const bool both = !selector.match_expressions.empty();
         return selector_holds(both ? LabelSelector{{}, selector.match_expressions} : selector,
                               labels);
       })},
      {"does-not-exist-needs-a-label",
       "P3",
       "DoesNotExist does not hold for a pod that has no label at all.",
       Flip::both,
       {issue("contiv/vpp", 798)},
       reading_labels(some_label_is_needed)},
      {"does-not-exist-means-exists",
       "P3",
       "DoesNotExist loses its negation.",
       Flip::both,
       {issue("contiv/vpp", 798)},
       with_requirement([](SelectorRequirement& one) {
         if (one.op == SelectorOperator::does_not_exist) {
           one.op = SelectorOperator::exists;
         }
       })},
      {"labels-ored",
       "P3",
       "One of several matchLabels is enough.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 614)},
       reading_labels(any_label)},
      {"expressions-ored",
       "P3",
       "One of several matchExpressions is enough.",
       Flip::both,
       {issue("cloudnativelabs/kube-router", 614)},
       reading_labels(any_expression)},
  };
}

}  // namespace

std::vector<Fault> selector_faults() {
  return joined({empty_selectors, values, keys});
}

}  // namespace nettest
