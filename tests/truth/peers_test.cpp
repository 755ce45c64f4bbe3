// Peers by selector: operators, missing keys, AND within a peer, OR between.
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

/// A policy of namespace x that selects x/a and lets in whom the peers say.
std::string from(const std::string& peers) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "x}\nspec: {podSelector: {matchLabels: {pod: a}}, ingress: [{from: " +
         peers + "}]}\n";
}

/// A policy of namespace x that selects the pods that `selector` does, and
/// denies all ingress.
std::string deny(const std::string& selector, const std::string& ns = "x") {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "\"" +
         ns + "\"}\nspec: {podSelector: " + selector + ", ingress: []}\n";
}

/// The matrix in which only x/a is isolated, with its column given top down.
std::vector<Matrix> column(const std::string& to_x_a) {
  Matrix matrix{"80/TCP", {}, IpFamily::ipv4};
  for (const char symbol : to_x_a) {
    matrix.rows.push_back(std::string(1, symbol) + "....");
  }
  return {matrix};
}

/// The column of z/n alone, top down.
std::vector<Matrix> last_column(const std::string& to_z_n) {
  Matrix matrix{"80/TCP", {}, IpFamily::ipv4};
  for (const char symbol : to_z_n) {
    matrix.rows.push_back("...." + std::string(1, symbol));
  }
  return {matrix};
}

const std::vector<Truth>& truths() {
  static const std::vector<Truth> kTruths = {
      {"PodSelectorAloneIsOwnNamespace",
       "Otherwise it selects the pods matching podSelector in the policy's own namespace.",
       from("[{podSelector: {matchLabels: {pod: b}}}]"),
       column("..XXX")},
      {"EmptyPodSelectorIsEveryPodOfOwnNamespace",
       "if present but empty, it selects all pods (of the policy's own namespace).",
       from("[{podSelector: {}}]"),
       column("..XXX")},
      {"EmptyNamespaceSelectorIsEveryNamespace",
       "if present but empty, it (namespaceSelector) selects all namespaces.",
       from("[{namespaceSelector: {}}]"),
       column(".....")},
      {"NamespaceSelectorSelectsAllItsPods",
       "Otherwise it selects all pods in the namespaces selected by namespaceSelector.",
       from("[{namespaceSelector: {matchLabels: {ns: \"y\"}}}]"),
       column(".X..X")},
      {"BothInOnePeerAreAnded",
       "If podSelector is also set, then the NetworkPolicyPeer as a whole selects the pods "
       "matching podSelector in the namespaces selected by namespaceSelector.",
       from("[{namespaceSelector: {matchLabels: {ns: \"y\"}}, podSelector: {matchLabels: {pod: "
            "b}}}]"),
       column(".XX.X")},
      {"TwoPeersAreOred",
       "Items in this list (from) are combined using a logical OR operation.",
       from("[{namespaceSelector: {matchLabels: {ns: \"y\"}}}, "
            "{podSelector: {matchLabels: {pod: b}}}]"),
       column("....X")},
      {"EmptyBothIsEveryPodOfEveryNamespace",
       "namespaceSelector: if present but empty, it selects all namespaces; podSelector: … all "
       "pods.",
       from("[{namespaceSelector: {}, podSelector: {}}]"),
       column(".....")},
      {"EmptyNamespaceSelectorWithPodSelector",
       "selects the pods matching podSelector in the namespaces selected by namespaceSelector "
       "(all).",
       from("[{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}]"),
       column("..X.X")},
      {"NamespaceByItsNameLabel",
       "The Kubernetes control plane sets an immutable label kubernetes.io/metadata.name on all "
       "namespaces, the value of the label is the namespace name.",
       from("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: z}}}]"),
       column(".XXX.")},
      {"NamespaceNamesAreNotLabels",
       "namespaceSelector selects namespaces using cluster-scoped labels (not names).",
       from("[{namespaceSelector: {matchLabels: {name: \"y\"}}}]"),
       column(".XXXX")},
      {"In",
       "The values set must be non-empty in the case of In (and one of them be the label's).",
       from("[{namespaceSelector: {}, "
            "podSelector: {matchExpressions: [{key: pod, operator: In, values: [b, c]}]}}]"),
       column("..X.X")},
      {"NotInHoldsForAMissingKey",
       "notin … selects all resources with … values other than …, and all resources with no "
       "labels with the … key.",
       from("[{namespaceSelector: {}, "
            "podSelector: {matchExpressions: [{key: pod, operator: NotIn, values: [b]}]}}]"),
       column(".X.X.")},
      {"NotInOfNamespacesHoldsForAMissingKey",
       "notin … and all resources with no labels with the … key.",
       from("[{namespaceSelector: "
            "{matchExpressions: [{key: ns, operator: NotIn, values: [x, \"y\"]}]}}]"),
       column(".XXX.")},
      {"Exists",
       "selects all resources including a label with key …; no values are checked.",
       from("[{namespaceSelector: {}, "
            "podSelector: {matchExpressions: [{key: pod, operator: Exists}]}}]"),
       column("....X")},
      {"DoesNotExistSelectsUnlabelledPods",
       "selects all resources without a label with key …; no values are checked.",
       from("[{namespaceSelector: {}, "
            "podSelector: {matchExpressions: [{key: pod, operator: DoesNotExist}]}}]"),
       column(".XXX.")},
      {"DoesNotExistOfNamespaces",
       "selects all resources without a label with key ….",
       from("[{namespaceSelector: {matchExpressions: [{key: ns, operator: DoesNotExist}]}}]"),
       column(".XXX.")},
      {"RequirementsAreAnded",
       "All of the requirements, from both matchLabels and matchExpressions are ANDed together.",
       from("[{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}, "
            "matchExpressions: [{key: pod, operator: NotIn, values: [b]}]}}]"),
       column(".XXXX")},
      {"SelectorThatSelectsNobodyAdmitsNobody",
       "this rule allows traffic only if the traffic matches at least one item in the from list.",
       from("[{podSelector: {matchLabels: {pod: nobody}}}]"),
       column(".XXXX")},
      {"TargetsByDoesNotExist",
       "This field (podSelector) … follows standard label selector semantics.",
       deny("{matchExpressions: [{key: pod, operator: DoesNotExist}]}", "z"),
       last_column("XXXX.")},
      {"TargetsByNotIn",
       "notin … and all resources with no labels with the … key.",
       deny("{matchExpressions: [{key: pod, operator: NotIn, values: [a]}]}", "z"),
       last_column("XXXX.")},
      {"UnlabelledPodIsNotSelectedByLabels",
       "podSelector … follows standard label selector semantics.",
       deny("{matchLabels: {pod: \"n\"}}", "z"),
       last_column(".....")},
  };
  return kTruths;
}

INSTANTIATE_TEST_SUITE_P(Peers, TruthTest, testing::ValuesIn(truths()), name_of<Truth>);

}  // namespace
}  // namespace nettest::truth
