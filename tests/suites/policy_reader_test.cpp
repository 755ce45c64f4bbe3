#include "suites/policy_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/suite_reader.hpp"

namespace nettest {
namespace {

std::string all_errors(const Errors& errors) {
  std::string text;
  for (const auto& error : errors) {
    text += (text.empty() ? "" : "\n") + to_string(error);
  }
  return text;
}

constexpr const char* kHead =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n";

NetworkPolicy policy_of(const std::string& spec) {
  const auto policies = read_policies_text(kHead + ("spec: " + spec), "p.yaml");
  EXPECT_TRUE(policies) << all_errors(policies ? Errors{} : policies.error());
  return policies && policies->size() == 1 ? policies->front() : NetworkPolicy{};
}

TEST(PolicyDefaults, PolicyTypesAreIngressAndEgressOnlyWithEgressRules) {
  // https://kubernetes.io/docs/concepts/services-networking/network-policies/
  // "If no policyTypes are specified on a NetworkPolicy then by default Ingress will always be
  // set and Egress will be set if the NetworkPolicy has any egress rules."
  struct Row {
    const char* spec;
    bool ingress;
    bool egress;
    bool written;
  };
  for (const auto& row :
       {Row{"{podSelector: {}}", true, false, false},
        Row{"{podSelector: {}, ingress: []}", true, false, false},
        Row{"{podSelector: {}, egress: []}", true, false, false},
        Row{"{podSelector: {}, egress: [{}]}", true, true, false},
        Row{"{podSelector: {}, policyTypes: []}", true, false, false},
        Row{"{podSelector: {}, policyTypes: [], egress: [{}]}", true, true, false},
        Row{"{podSelector: {}, policyTypes: [Egress]}", false, true, true},
        Row{"{podSelector: {}, policyTypes: [Ingress], egress: [{}]}", true, false, true},
        Row{"{podSelector: {}, policyTypes: [Ingress, Ingress]}", true, false, true},
        Row{"{}", true, false, false}}) {
    const auto policy = policy_of(row.spec);
    EXPECT_EQ(policy.isolates_ingress, row.ingress) << row.spec;
    EXPECT_EQ(policy.isolates_egress, row.egress) << row.spec;
    EXPECT_EQ(policy.policy_types_written, row.written) << row.spec;
  }
}

TEST(PolicyReader, KeepsThePlacesOfSelectorsAndEmptyLists) {
  const auto policies = read_policies_text(std::string(kHead) + R"(spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from: []
      ports:
    - from:
        - namespaceSelector: {}
)",
                                           "p.yaml");
  ASSERT_TRUE(policies) << all_errors(policies.error());
  const auto& policy = policies->front();
  EXPECT_EQ(policy.pod_selector.where, (Location{"p.yaml", 6, 5}));
  ASSERT_EQ(policy.ingress.size(), 2U);
  EXPECT_EQ(policy.ingress[0].empty_peers, (Location{"p.yaml", 8, 13}));
  EXPECT_EQ(policy.ingress[0].empty_ports, (Location{"p.yaml", 9, 7}));
  EXPECT_EQ(policy.ingress[1].empty_peers, std::nullopt);
  EXPECT_EQ(policy.ingress[1].empty_ports, std::nullopt);
  EXPECT_EQ(policy.ingress[1].peers[0].namespace_selector->where, (Location{"p.yaml", 11, 30}));
}

TEST(PolicyReader, ReadsEveryField) {
  const auto policy = policy_of(R"({
    podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [a, b]}]},
    policyTypes: [Ingress, Egress],
    ingress: [{from: [{podSelector: {}, namespaceSelector: {matchLabels: {name: notes}}},
                      {ipBlock: {cidr: 10.0.1.7/16, except: [10.0.1.0/24]}}],
               ports: [{port: 80}, {port: http, protocol: TCP}, {port: 1, endPort: 65535, protocol: SCTP},
                       {protocol: UDP}]}],
    egress: [{}]})");
  EXPECT_EQ(to_string(policy.id), "default/p");
  EXPECT_EQ(to_string(policy.pod_selector), "app=web,tier notin (a,b)");
  ASSERT_EQ(policy.ingress.size(), 1U);
  const auto& rule = policy.ingress[0];
  ASSERT_EQ(rule.peers.size(), 2U);
  EXPECT_TRUE(rule.peers[0].pod_selector->empty());
  EXPECT_EQ(to_string(*rule.peers[0].namespace_selector), "name=notes");
  EXPECT_FALSE(rule.peers[0].ip_block);
  EXPECT_FALSE(rule.peers[1].pod_selector);
  EXPECT_EQ(to_string(*rule.peers[1].ip_block->cidr.cidr), "10.0.0.0/16");
  EXPECT_EQ(rule.peers[1].ip_block->cidr.written, "10.0.1.7/16");
  EXPECT_EQ(to_string(*rule.peers[1].ip_block->except[0].cidr), "10.0.1.0/24");
  ASSERT_EQ(rule.ports.size(), 4U);
  EXPECT_EQ(std::get<Port>(rule.ports[0].port), 80);
  EXPECT_EQ(rule.ports[0].protocol, Protocol::tcp);
  EXPECT_EQ(std::get<std::string>(rule.ports[1].port), "http");
  EXPECT_EQ(rule.ports[2].end_port, Port{65535});
  EXPECT_EQ(rule.ports[3].protocol, Protocol::udp);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rule.ports[3].port));
  EXPECT_TRUE(policy.egress[0].peers.empty());
  EXPECT_EQ(to_string(rule.peers[1].where), "p.yaml:8:23");
}

TEST(PolicyReader, NullIsAbsentAndANullRuleIsAnEmptyOne) {
  const auto policy = policy_of("{podSelector: , ingress: [~], egress: ~}");
  EXPECT_TRUE(policy.pod_selector.empty());
  ASSERT_EQ(policy.ingress.size(), 1U);
  EXPECT_TRUE(policy.ingress[0].peers.empty());
  EXPECT_FALSE(policy.isolates_egress);
}

TEST(PolicyReader, AcceptsWhatTheServerSets) {
  const auto policies = read_policies_text(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
  namespace: x
  uid: 0a
  creationTimestamp: null
  resourceVersion: "12"
  generation: 3
  selfLink: /x
  annotations: {a: b}
  managedFields: [{manager: kubectl}]
spec: {podSelector: {}}
status: {}
)",
                                           "p.yaml");
  ASSERT_TRUE(policies) << all_errors(policies.error());
  EXPECT_EQ(to_string(policies->front().id), "x/p");
}

TEST(PolicyReader, ReadsListsAndDocumentsWhole) {
  const auto policies = read_policies_text(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicyList
metadata: {resourceVersion: "1"}
items:
- metadata: {name: a}
  spec: {podSelector: {}}
- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: b}, spec: {}}
---
# nothing
---
apiVersion: v1
kind: List
items:
- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: c}, spec: {}}
- {apiVersion: v1, kind: Service, metadata: {name: s}}
)",
                                           "p.yaml",
                                           "z");
  ASSERT_TRUE(policies) << all_errors(policies.error());
  ASSERT_EQ(policies->size(), 3U);
  EXPECT_EQ(to_string((*policies)[0].id), "z/a");
  EXPECT_EQ(to_string((*policies)[2].id), "z/c");
}

struct Refusal {
  const char* spec;
  const char* error;
};

class PolicyRefused : public testing::TestWithParam<Refusal> {};

TEST_P(PolicyRefused, WithOneErrorThatSaysWhatWouldBeRight) {
  const auto policies = read_policies_text(kHead + std::string("spec: ") + GetParam().spec, "p");
  ASSERT_FALSE(policies) << GetParam().spec;
  EXPECT_EQ(all_errors(policies.error()), std::string("p:4:") + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    AsTheApiServerDoes,
    PolicyRefused,
    testing::Values(
        Refusal{"{podSelektor: {}}",
                "8: spec: unknown key \"podSelektor\", did you mean \"podSelector\"?"},
        Refusal{"{podSelector: {app: web}}",
                "22: podSelector: unknown key \"app\"; known are matchLabels, matchExpressions"},
        Refusal{"{podSelector: []}", "21: podSelector: want a map, found an empty list"},
        Refusal{"{podSelector: {matchLabels: {a/b/c: x}}}",
                "36: matchLabels: \"a/b/c\" is no label key: it must be letters, digits, '-', '_' "
                "and '.', and begin and end with a letter or digit"},
        Refusal{"{podSelector: {matchLabels: {a: -x}}}",
                "39: matchLabels: \"-x\" is no label value: it must be letters, digits, '-', '_' "
                "and '.', and begin and end with a letter or digit"},
        Refusal{"{podSelector: {matchLabels: {a: yes}}}",
                "39: matchLabels: want a text, found the boolean yes; quote it: \"yes\""},
        Refusal{"{podSelector: {matchLabels: {a: 1}}}",
                "39: matchLabels: want a text, found the number 1; quote it: \"1\""},
        Refusal{"{podSelector: {matchLabels: {y: a}}}",
                "36: matchLabels: the key y is no text; quote it: \"y\""},
        Refusal{"{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}",
                "60: operator: want In, NotIn, Exists or DoesNotExist, found \"in\", did you mean "
                "\"In\"?"},
        Refusal{"{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
                "41: values: must not be empty with operator In"},
        Refusal{"{podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}}",
                "75: values: must not be empty with operator NotIn"},
        Refusal{"{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
                "76: values: must be left out with operator Exists"},
        Refusal{"{podSelector: {matchExpressions: [{operator: Exists}]}}",
                "41: matchExpressions: \"key\" is missing"},
        Refusal{"{policyTypes: [ingress]}",
                "22: policyTypes: want Ingress or Egress, found \"ingress\", did you mean "
                "\"Ingress\"?"},
        Refusal{"{policyTypes: [Ingress, Egress, Ingress]}",
                "39: policyTypes: may not have more than two entries"},
        Refusal{"{ingress: [{from: [{}]}]}",
                "26: peer: must specify podSelector, namespaceSelector or ipBlock (for every peer, "
                "leave out the list of peers)"},
        Refusal{"{ingress: [{to: []}]}",
                "19: ingress rule: unknown key \"to\"; known are from, ports"},
        Refusal{"{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}",
                "26: peer: ipBlock may not stand beside a selector; begin a peer of its own with "
                "\"- ipBlock:\""},
        Refusal{"{ingress: [{from: [{ipBlock: {}}]}]}", "36: ipBlock: \"cidr\" is missing"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: 10.0.0.1}}]}]}",
                "43: cidr: \"10.0.0.1\" is no address block; the length is missing, write for "
                "example 10.0.0.1/32"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}",
                "43: cidr: \"10.0.0.0/33\" is no address block; want for example 10.0.0.0/8 or "
                "fd00::/8"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}",
                "64: except: 10.0.0.0/8 must be a strict part of the block 10.0.0.0/8"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}",
                "64: except: 11.0.0.0/16 must be a strict part of the block 10.0.0.0/8"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ['fd00::/64']}}]}]}",
                "64: except: fd00::/64 must be a strict part of the block 10.0.0.0/8"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: $(ip z/c)}}]}]}",
                "43: cidr: \"$(ip z/c)\" has no length; write for example $(ip z/c)/32"},
        Refusal{"{ingress: [{from: [{ipBlock: {cidr: $(pod z/c)/32}}]}]}",
                "43: cidr: \"$(pod z/c)\" is no placeholder; there are $(ip NAMESPACE/POD), $(ip6 "
                "NAMESPACE/POD), $(ip svc:NAMESPACE/SERVICE) and $(node-ip NODE)"},
        Refusal{"{ingress: [{ports: [{port: 0}]}]}", "34: port: 0 is not in 1 to 65535"},
        Refusal{"{ingress: [{ports: [{port: 99999999999999999999}]}]}",
                "34: port: 99999999999999999999 is not in 1 to 65535"},
        Refusal{"{ingress: [{ports: [{port: \"80\"}]}]}",
                "34: port: \"80\" in quotes is a port name, and a name must have at least one "
                "letter; leave out the quotes"},
        Refusal{"{ingress: [{ports: [{port: Http}]}]}",
                "34: port: \"Http\" is no port name: it must be lower-case letters, digits and "
                "single '-', and begin and end with a letter or digit"},
        Refusal{"{ingress: [{ports: [{port: 8.5}]}]}",
                "34: port: want a number or a port name, found the number 8.5"},
        Refusal{"{ingress: [{ports: [{protocol: tcp}]}]}",
                "38: protocol: want TCP, UDP or SCTP, found \"tcp\", did you mean \"TCP\"?"},
        Refusal{"{ingress: [{ports: [{protocol: ICMP}]}]}",
                "38: protocol: want TCP, UDP or SCTP, found \"ICMP\""},
        Refusal{"{ingress: [{ports: [{endPort: 90}]}]}",
                "37: endPort: may not be specified without port"},
        Refusal{"{ingress: [{ports: [{port: http, endPort: 90}]}]}",
                "49: endPort: may not be specified when port is a name"},
        Refusal{"{ingress: [{ports: [{port: 90, endPort: 80}]}]}",
                "47: endPort: 80 is below port 90; it must be greater than or equal to it"},
        Refusal{"{ingress: [{ports: [{port: 90, endPort: \"91\"}]}]}",
                "47: endPort: want a whole number, found the text \"91\"; leave out the quotes"},
        Refusal{"{ingress: {}}", "17: ingress: want a list, found an empty map"},
        Refusal{"{ingress: [{ports: {port: 80}}]}",
                "26: ports: want a list, found a map (with \"port\")"}));

TEST(PolicyReader, RefusesObjectsThatAreNone) {
  const auto errors = [](const char* text) {
    const auto policies = read_policies_text(text, "p");
    return policies ? std::string("read") : all_errors(policies.error());
  };
  EXPECT_EQ(errors("kind: NetworkPolicy\nmetadata: {name: a}\n"),
            "p:1:1: manifest: \"apiVersion\" is missing; want for example apiVersion: "
            "networking.k8s.io/v1");
  EXPECT_EQ(errors("apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: a}\n"),
            "p:1:13: apiVersion: a NetworkPolicy is of networking.k8s.io/v1, found "
            "\"extensions/v1beta1\"");
  EXPECT_EQ(
      errors("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\n"),
      "p:1:1: CiliumNetworkPolicy of cilium.io/v2 is a policy that nettest does not evaluate");
  EXPECT_EQ(errors("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {}\n"),
            "p:1:1: NetworkPolicy: \"metadata\" is missing");
  EXPECT_EQ(errors("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: A_b, "
                   "namespace: x.y}\nspec: {}\n"),
            "p:3:18: name: \"A_b\" must be lower-case letters, digits, '-' and '.', and each part "
            "begin and end with a letter or digit\n"
            "p:3:34: namespace: \"x.y\" must be lower-case letters, digits and '-', and begin and "
            "end with a letter or digit");
  EXPECT_EQ(errors("- a\n"), "p:1:1: want a Kubernetes object, found a list");
}

TEST(PolicyReader, ReportsEverythingAtOnceInTextOrder) {
  const auto policies =
      read_policies_text(kHead + std::string("spec:\n"
                                             "  ingress:\n"
                                             "  - ports: [{port: 0}, {port: -1}]\n"
                                             "    form: []\n"
                                             "  policyTypes: [Foo]\n"),
                         "p");
  ASSERT_FALSE(policies);
  EXPECT_EQ(all_errors(policies.error()),
            "p:6:20: port: 0 is not in 1 to 65535\n"
            "p:6:31: port: -1 is not in 1 to 65535\n"
            "p:7:5: ingress rule: unknown key \"form\", did you mean \"from\"?\n"
            "p:8:17: policyTypes: want Ingress or Egress, found \"Foo\"");
}

AddressBook book() {
  AddressBook addresses;
  addresses.pods[{"z", "c"}] = {*IpAddress::parse("10.244.1.7"),
                                *IpAddress::parse("fd00:10:244:1::7")};
  addresses.services[{"z", "c"}] = {*IpAddress::parse("10.96.0.7")};
  addresses.services[{"default", "web"}] = {*IpAddress::parse("10.96.0.8")};
  addresses.nodes["n1"] = {*IpAddress::parse("172.18.0.2")};
  return addresses;
}

std::string resolved(const std::string& block) {
  const auto policy =
      resolve_placeholders(policy_of("{ingress: [{from: [{ipBlock: " + block + "}]}]}"), book());
  if (!policy) {
    return to_string(policy.error());
  }
  const auto& made = *policy->ingress[0].peers[0].ip_block;
  std::string text = to_string(*made.cidr.cidr);
  for (const auto& except : made.except) {
    text += " - " + to_string(*except.cidr);
  }
  return text;
}

TEST(Placeholders, StandForAddressesAndAreMadeCanonical) {
  EXPECT_EQ(resolved("{cidr: $(ip z/c)/24}"), "10.244.1.0/24");
  EXPECT_EQ(resolved("{cidr: $(ip z/c)/24, except: [$(ip z/c)/32]}"),
            "10.244.1.0/24 - 10.244.1.7/32");
  EXPECT_EQ(resolved("{cidr: $(ip6 z/c)/64}"), "fd00:10:244:1::/64");
  EXPECT_EQ(resolved("{cidr: '$(ip svc:z/c)/32'}"), "10.96.0.7/32");
  EXPECT_EQ(resolved("{cidr: $(ip default/web)/32}"), "10.96.0.8/32");
  EXPECT_EQ(resolved("{cidr: $(node-ip n1)/32}"), "172.18.0.2/32");
  EXPECT_EQ(resolved("{cidr: 10.0.0.0/8}"), "10.0.0.0/8");
}

TEST(Placeholders, ThatCannotBeFilledSayWhere) {
  EXPECT_EQ(resolved("{cidr: $(ip z/d)/24}"),
            "p.yaml:4:43: $(ip z/d) has no address: there is no pod or service z/d");
  EXPECT_EQ(resolved("{cidr: $(ip6 default/web)/24}"),
            "p.yaml:4:43: $(ip6 default/web) has no IPv6 address");
  EXPECT_EQ(resolved("{cidr: $(node-ip n9)/24}"),
            "p.yaml:4:43: $(node-ip n9) has no address: there is no node n9");
  EXPECT_EQ(resolved("{cidr: $(ip z/c)/24, except: [$(ip z/c)/24]}"),
            "p.yaml:4:66: except: 10.244.1.0/24 must be a strict part of the block 10.244.1.0/24");
  EXPECT_EQ(resolved("{cidr: $(ip z/c)/99}"),
            "p.yaml:4:43: \"10.244.1.7/99\" is no address block; want for example 10.0.0.0/8 or "
            "fd00::/8");
}

TEST(PolicyReader, LeadingZerosAreTakenWithAWarningAsTheApiServerTakesThem) {
  const auto policy = policy_of("{ingress: [{from: [{ipBlock: {cidr: 010.1.00.0/08}}]}]}");
  EXPECT_EQ(to_string(*policy.ingress.at(0).peers.at(0).ip_block->cidr.cidr), "10.0.0.0/8");
}

}  // namespace
}  // namespace nettest
