// Whom a policy isolates, and in which direction.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/
// https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

/// A NetworkPolicy p of namespace x with this spec (flow style YAML).
std::string policy(const std::string& spec, const std::string& ns = "x") {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "\"" +
         ns + "\"}\nspec: " + spec + "\n";
}

const std::vector<Truth>& truths() {
  static const std::vector<Truth> kTruths = {
      {"NoPolicy",
       "By default, a pod is non-isolated for ingress; all inbound connections are allowed.",
       "",
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}},
        {"53/UDP", {".....", ".....", ".....", ".....", "....."}},
        {"9/SCTP", {".....", ".....", ".....", ".....", "....."}}}},
      {"DenyIngressToAll",
       "An empty podSelector matches all pods in this namespace. If this field (ingress) is empty "
       "then this NetworkPolicy does not allow any traffic. (Exception: a pod cannot block access "
       "to itself.)",
       policy("{podSelector: {}, policyTypes: [Ingress]}"),
       {{"80/TCP", {".X...", "X....", "XX...", "XX...", "XX..."}}}},
      {"DenyIngressWrittenAsEmptyList",
       "If this field (ingress) is empty then this NetworkPolicy does not allow any traffic.",
       policy("{podSelector: {}, ingress: []}"),
       {{"80/TCP", {".X...", "X....", "XX...", "XX...", "XX..."}}}},
      {"DenyIngressToOne",
       "podSelector selects the pods to which this NetworkPolicy object applies.",
       policy("{podSelector: {matchLabels: {pod: a}}, ingress: []}"),
       {{"80/TCP", {".....", "X....", "X....", "X....", "X...."}}}},
      {"PolicyOfAnotherNamespaceSelectsNothingHere",
       "podSelector … selects pods in the same namespace as the NetworkPolicy.",
       policy("{podSelector: {matchLabels: {pod: a}}, ingress: []}", "z"),
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}}}},
      {"TypesDefaultToIngress",
       "If this field (policyTypes) is not specified … all policies (whether or not they contain "
       "an ingress section) are assumed to affect ingress.",
       policy("{podSelector: {matchLabels: {pod: b}}}"),
       {{"80/TCP", {".X...", ".....", ".X...", ".X...", ".X..."}}}},
      {"EgressSectionImpliesEgressAndIngress",
       "policies that contain an egress section are assumed to affect egress, and all policies … "
       "are assumed to affect ingress.",
       policy("{podSelector: {matchLabels: {pod: a}}, egress: [{to: [{podSelector: {}}]}]}"),
       {{"80/TCP", {"..XXX", "X....", "X....", "X....", "X...."}}}},
      {"EgressOnly",
       "If you want to write an egress-only policy, you must explicitly specify policyTypes "
       "[ \"Egress\" ].",
       policy("{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: []}"),
       {{"80/TCP", {".XXXX", ".....", ".....", ".....", "....."}},
        {"53/UDP", {".XXXX", ".....", ".....", ".....", "....."}}}},
      {"DenyBoth",
       "you must specify a policyTypes value that include \"Egress\" (since such a policy would "
       "not contain an egress section).",
       policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"),
       {{"80/TCP", {".XXXX", "X.XXX", "XX...", "XX...", "XX..."}}}},
      {"IngressRulesAreKeptButDeadWithoutTheType",
       "policyTypes is a list of rule types that the NetworkPolicy relates to.",
       policy("{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], "
              "ingress: [{from: [{podSelector: {}}]}], egress: [{}]}"),
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}}}},
      {"AllowAllIngress",
       "If this field (from) is empty or missing, this rule matches all sources; if this field "
       "(ports) is empty or missing, this rule matches all ports.",
       policy("{podSelector: {}, ingress: [{}]}"),
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}},
        {"9/SCTP", {".....", ".....", ".....", ".....", "....."}}}},
      {"EmptyFromListIsEveryone",
       "If this field (from) is empty or missing, this rule matches all sources.",
       policy("{podSelector: {}, ingress: [{from: []}]}"),
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}}}},
      {"AllowAllEgress",
       "If this field (to) is empty or missing, this rule matches all destinations.",
       policy("{podSelector: {}, policyTypes: [Egress], egress: [{}]}"),
       {{"80/TCP", {".....", ".....", ".....", ".....", "....."}}}},
      {"PoliciesAreAdditive",
       "Network policies do not conflict; they are additive.",
       policy("{podSelector: {}, ingress: []}") +
           "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
           "metadata: {name: q, namespace: x}\n"
           "spec: {podSelector: {matchLabels: {pod: a}}, "
           "ingress: [{from: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}]}\n",
       {{"80/TCP", {".X...", "X....", ".X...", ".X...", "XX..."}}}},
      {"BothEndsMustAllow",
       "For a connection from a source pod to a destination pod to be allowed, both the egress "
       "policy on the source pod and the ingress policy on the destination pod need to allow the "
       "connection.",
       policy("{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], "
              "egress: [{to: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}]}") +
           "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
           "metadata: {name: q, namespace: \"y\"}\n"
           "spec: {podSelector: {matchLabels: {pod: b}}, "
           "ingress: [{from: [{namespaceSelector: {matchLabels: {ns: x}}, "
           "podSelector: {matchLabels: {pod: b}}}]}]}\n",
       {{"80/TCP", {".X.XX", ".....", "...X.", ".....", "...X."}}}},
      {"RepliesNeedNoRule",
       "Any reply traffic for those allowed connections is also implicitly allowed.",
       policy("{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, Egress], "
              "ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}"),
       {{"80/TCP", {".XXXX", ".....", "X....", "X....", "X...."}}}},
  };
  return kTruths;
}

INSTANTIATE_TEST_SUITE_P(Isolation, TruthTest, testing::ValuesIn(truths()), name_of<Truth>);

}  // namespace
}  // namespace nettest::truth
