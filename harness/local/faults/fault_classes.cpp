#include "harness/local/faults/fault_classes.hpp"

namespace nettest {

namespace {

std::vector<FaultClass> covered() {
  return {
      {"P1", "namespaceSelector and podSelector of a peer combined wrongly, or a peer lost", ""},
      {"P2", "an empty selector taken for an absent one, or the other way round", ""},
      {"P3", "matchLabels and matchExpressions evaluated wrongly", ""},
      {"P4", "a policy or a peer that reaches beyond its namespace", ""},
      {"P5", "a peer that selects nobody taken for no restriction", ""},
      {"P6", "deny-all and allow-all built wrongly from empty lists", ""},
      {"P7", "selectors that match what is not a pod", ""},
      {"I1", "policyTypes, and the isolation of the two directions, mixed up", ""},
      {"I2", "rules or policies merged wrongly", ""},
      {"I3", "one end of a connection decides for both", ""},
      {"I4", "a policy dropped in silence", ""},
      {"I5", "a policy that reaches only some of its pods or nodes", ""},
      {"O1", "endPort read wrongly", ""},
      {"O2", "named ports resolved wrongly", ""},
      {"O3", "protocols and their defaults mixed up", ""},
      {"O4", "source and destination swapped", ""},
      {"O5", "limits of size", ""},
      {"B1", "ipBlock.except without effect", ""},
      {"B2", "ipBlock.except as a deny that reaches other rules", ""},
      {"B3", "overlapping blocks merged wrongly", ""},
      {"B4", "blocks of a certain form dropped", ""},
      {"B5", "blocks that do not match pods", ""},
      {"N1", "traffic to services judged at the wrong address, or not at all", ""},
      {"N3", "a pod that reaches itself through its own service", ""},
      {"F1", "enforced for one IP family only", ""},
      {"S1", "flows that outlive the permission they began with", ""},
      {"S2", "replies of allowed connections dropped", ""},
      {"D1", "a changed label of a pod not noticed", ""},
      {"D2", "a changed or new namespace not noticed", ""},
      {"D3", "a changed policy not followed", ""},
      {"D4", "a deleted policy that leaves something, or takes too much with it", ""},
      {"D5", "the past of an address that goes to another pod", ""},
      {"D6", "identity withdrawn from pods that still run", ""},
      {"D7", "new pods open or cut off until they are programmed", ""},
      {"D9", "two objects that share one internal key", ""},
      {"D10", "a pod made again under the same name", ""},
  };
}

std::vector<FaultClass> left_out() {
  return {
      {"N2",
       "source addresses rewritten on the way in",
       "suites ask by pod address, ClusterIP and name; no probe comes through a node port or a "
       "load "
       "balancer"},
      {"H1",
       "the own node kept from its pods",
       "no probe comes from a node; where a hostNetwork pod does, the documentation leaves the "
       "verdict open"},
      {"H2",
       "hostNetwork pods as target or peer",
       "the documentation leaves it open: no verdict can be wrong"},
      {"H3", "pods and their own node", "no probe goes to a node's own address"},
      {"S3",
       "ICMP and other protocols",
       "NetworkPolicy speaks of TCP, UDP and SCTP; the rest is left open by the documentation"},
      {"D8", "restarts of the agent", "the local engine has no agent of the plugin to restart"},
      {"A1", "tiers of administrators' policies", "nettest does not evaluate these kinds yet"},
      {"A2", "limits of administrators' policies", "nettest does not evaluate these kinds yet"},
  };
}

}  // namespace

const std::vector<FaultClass>& fault_classes() {
  static const std::vector<FaultClass> all = [] {
    std::vector<FaultClass> classes = covered();
    for (auto& one : left_out()) {
      classes.push_back(std::move(one));
    }
    return classes;
  }();
  return all;
}

}  // namespace nettest
