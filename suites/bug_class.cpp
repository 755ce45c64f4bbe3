#include "suites/bug_class.hpp"

#include <algorithm>
#include <array>

namespace nettest {

namespace {

constexpr std::array kClasses = std::to_array<BugClass>({
    {"P1",
     "peer-and-or",
     "a namespaceSelector and podSelector of one peer are not both asked, or one peer of several "
     "is lost"},
    {"P2",
     "empty-selector",
     "an empty selector (everything) and an absent one (own namespace) are mixed up"},
    {"P3",
     "match-expressions",
     "In, NotIn, Exists or DoesNotExist is read wrongly (several values, a missing key)"},
    {"P4", "cross-namespace-leak", "a policy or peer acts outside its namespace"},
    {"P5", "empty-peer-set", "a peer that matches nobody is taken for no restriction"},
    {"P6",
     "empty-rule-list",
     "an empty list of rules, an empty rule and an empty peer list are mixed up"},
    {"P7",
     "external-vs-pod",
     "peers that select pods match outside addresses, or all pods means all addresses"},
    {"I1",
     "direction-isolation",
     "policyTypes are mixed up: a direction is isolated that should not be, or is not that should"},
    {"I2",
     "rule-or-policy-merge",
     "rules or policies are merged wrongly: crossed, intersected, last wins, one lost"},
    {"I3", "both-ends-conjunction", "what one end allows overrides what the other end denies"},
    {"I4",
     "policy-silently-dropped",
     "a construct that is not understood makes a whole policy disappear in silence"},
    {"I5", "partial-target", "only some of the selected pods or nodes get the policy"},
    {"O1", "end-port", "endPort is ignored, cut short or taken as exclusive"},
    {"O2",
     "named-port",
     "a named port is resolved on the wrong pod, for one pod only, not for egress, or too widely"},
    {"O3",
     "port-protocol-default",
     "a missing protocol, a protocol without port or SCTP is taken for something else"},
    {"O4", "src-dst-port", "source and destination of a rule are swapped"},
    {"O5", "size-limits", "a number of ports or peers, or a length of a name, is over a limit"},
    {"B1", "except-ignored", "except of an ipBlock has no effect"},
    {"B2", "except-as-deny", "except acts as a deny that beats other rules"},
    {"B3", "cidr-overlap", "nested, overlapping or contiguous blocks are merged wrongly"},
    {"B4", "cidr-form", "a block with host bits, or 0.0.0.0/0, is refused, lost or collides"},
    {"B5", "ipblock-vs-cluster", "an ipBlock does not match addresses of pods or nodes"},
    {"N1",
     "service-egress",
     "egress to a service is judged before its address is translated, or not at all"},
    {"N2", "source-snat", "translation changes the source address that a policy sees"},
    {"N3",
     "hairpin",
     "a pod that reaches itself through its own service is treated inconsistently"},
    {"H1", "node-to-local-pod", "the node of a pod does not get in, as it always must"},
    {"H2",
     "host-network-pods",
     "pods in their node's network are treated inconsistently as target or peer"},
    {"H3", "pod-to-own-node", "the exception for a pod's own node is too wide"},
    {"F1", "ip-family", "a policy is right for one IP family only"},
    {"S1", "established-flows", "established connections survive a deny, or are cut by an allow"},
    {"S2", "reply-traffic", "replies to allowed connections are dropped"},
    {"S3", "other-protocols", "ICMP and other protocols are treated inconsistently"},
    {"D1", "pod-label-update", "a pod gets other labels and nothing changes"},
    {"D2",
     "namespace-event",
     "a namespace gets other labels, or comes after the policy, and nothing changes"},
    {"D3", "policy-update-stale", "an edited policy leaves old rules or loses new ones"},
    {"D4", "policy-delete-stale", "a deleted policy leaves rules, or takes those of another"},
    {"D5", "pod-ip-reuse", "a new pod inherits what belonged to the former owner of its address"},
    {"D6", "terminating-pods", "a policy is withdrawn while its pod still ends"},
    {"D7", "startup-window", "a new pod is open, or shut, until it has been programmed"},
    {"D8", "agent-restart", "a restart of the agent empties or doubles rules"},
    {"D9", "key-collision", "two objects collapse to one internal key"},
    {"D10",
     "recreate-same-name",
     "a pod created again under the same name inherits what belonged to the first"},
    {"A1", "admin-tier-order", "order, priority or Pass of admin policies is wrong"},
    {"A2", "admin-limits", "limits of admin policies: priorities at the edge, ties"},
});

}  // namespace

std::span<const BugClass> bug_classes() {
  return kClasses;
}

const BugClass* find_bug_class(std::string_view code) {
  const auto* const found = std::find_if(
      kClasses.begin(), kClasses.end(), [&](const BugClass& one) { return one.code == code; });
  return found == kClasses.end() ? nullptr : found;
}

std::vector<std::string> bug_class_codes() {
  std::vector<std::string> codes;
  for (const auto& one : kClasses) {
    codes.emplace_back(one.code);
  }
  return codes;
}

}  // namespace nettest
