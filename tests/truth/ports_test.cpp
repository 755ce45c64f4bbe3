// Ports: numbers, ranges, names, protocols.
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

std::string header() {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "x}\nspec: ";
}

/// Lets everybody reach x/a on these ports only.
std::string to_x_a(const std::string& ports) {
  return header() + "{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: " + ports + "}]}\n";
}

/// Lets x/b out to these ports only.
std::string out_of_x_b(const std::string& ports) {
  return header() +
         "{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress], egress: [{ports: " + ports +
         "}]}\n";
}

const std::vector<std::string> kOpen = {".....", ".....", ".....", ".....", "....."};
/// Nobody else reaches x/a.
const std::vector<std::string> kShut = {".....", "X....", "X....", "X....", "X...."};
/// x/b reaches nobody else.
const std::vector<std::string> kShutIn = {".....", "X.XXX", ".....", ".....", "....."};

const std::vector<Truth>& truths() {
  static const std::vector<Truth> kTruths = {
      {"NumberAndProtocol",
       "If present (port), only traffic on the specified protocol AND port will be matched.",
       to_x_a("[{port: 80, protocol: TCP}]"),
       {{"80/TCP", kOpen}, {"81/TCP", kShut}, {"80/UDP", kShut}, {"80/SCTP", kShut}}},
      {"ProtocolDefaultsToTcp",
       "If not specified, this field (protocol) defaults to TCP.",
       to_x_a("[{port: 53}]"),
       {{"53/TCP", kOpen}, {"53/UDP", kShut}}},
      {"ProtocolOnly",
       "If this field (port) is not provided, this matches all port names and numbers.",
       to_x_a("[{protocol: UDP}]"),
       {{"1/UDP", kOpen}, {"65535/UDP", kOpen}, {"53/TCP", kShut}}},
      {"EmptyPortIsAllOfTcp",
       "If this field (port) is not provided, this matches all port names and numbers; protocol "
       "… defaults to TCP.",
       to_x_a("[{}]"),
       {{"1/TCP", kOpen}, {"65535/TCP", kOpen}, {"53/UDP", kShut}, {"9/SCTP", kShut}}},
      {"EmptyPortsAreAll",
       "If this field (ports) is empty or missing, this rule matches all ports (traffic not "
       "restricted by port).",
       to_x_a("[]"),
       {{"1/TCP", kOpen}, {"53/UDP", kOpen}, {"9/SCTP", kOpen}}},
      {"PortsAreOred",
       "Each item in this list (ports) is combined using a logical OR.",
       to_x_a("[{port: 80}, {port: 53, protocol: UDP}]"),
       {{"80/TCP", kOpen}, {"53/UDP", kOpen}, {"53/TCP", kShut}, {"80/UDP", kShut}}},
      {"Sctp",
       "protocol represents the protocol (TCP, UDP, or SCTP) which traffic must match.",
       to_x_a("[{port: 132, protocol: SCTP}]"),
       {{"132/SCTP", kOpen}, {"133/SCTP", kShut}, {"132/TCP", kShut}}},
      {"EndPortIsInclusive",
       "endPort indicates that the range of ports from port to endPort if set, inclusive, should "
       "be allowed by the policy.",
       to_x_a("[{port: 80, endPort: 90}]"),
       {{"79/TCP", kShut},
        {"80/TCP", kOpen},
        {"81/TCP", kOpen},
        {"89/TCP", kOpen},
        {"90/TCP", kOpen},
        {"91/TCP", kShut},
        {"85/UDP", kShut}}},
      {"EndPortEqualToPort",
       "The endPort must be equal or greater than port.",
       to_x_a("[{port: 80, endPort: 80}]"),
       {{"79/TCP", kShut}, {"80/TCP", kOpen}, {"81/TCP", kShut}}},
      {"EndPortToTheLast",
       "the range of ports from port to endPort if set, inclusive",
       to_x_a("[{port: 32768, endPort: 65535, protocol: UDP}]"),
       {{"32767/UDP", kShut}, {"32768/UDP", kOpen}, {"65535/UDP", kOpen}}},
      {"NamedPortOfTheSelectedPod",
       "This can either be a numerical or named port on a pod.",
       to_x_a("[{port: web}]"),
       {{"80/TCP", kOpen}, {"8080/TCP", kShut}, {"80/UDP", kShut}}},
      {"NamedPortNeedsItsProtocol",
       "only traffic on the specified protocol AND port will be matched.",
       to_x_a("[{port: dns, protocol: UDP}]"),
       {{"53/UDP", kOpen}, {"53/TCP", kShut}}},
      {"NamedPortOfTheOtherProtocolMatchesNothing",
       "only traffic on the specified protocol AND port will be matched (dns is UDP here).",
       to_x_a("[{port: dns, protocol: TCP}]"),
       {{"53/TCP", kShut}, {"53/UDP", kShut}}},
      {"UnknownNameMatchesNothing",
       "named port on a pod: without a port of that name there is nothing to match.",
       to_x_a("[{port: metrics}]"),
       {{"80/TCP", kShut}, {"9090/TCP", kShut}}},
      {"EgressNumber",
       "ports is a list of destination ports for outgoing traffic.",
       out_of_x_b("[{port: 80}]"),
       {{"80/TCP", kOpen}, {"81/TCP", kShutIn}, {"80/UDP", kShutIn}}},
      {"EgressNameIsLookedUpInTheDestination",
       "destination ports … numerical or named port on a pod: \"web\" is 80 in all destinations "
       "but y/b, where it is 8080.",
       out_of_x_b("[{port: web}]"),
       {{"80/TCP", {".....", "...X.", ".....", ".....", "....."}},
        {"8080/TCP", {".....", "X.X.X", ".....", ".....", "....."}}}},
      {"EgressNameThatFewDestinationsHave",
       "named port on a pod: \"dns\" is a name in x/a and y/a only.",
       out_of_x_b("[{port: dns, protocol: UDP}]"),
       {{"53/UDP", {".....", "...XX", ".....", ".....", "....."}}, {"53/TCP", kShutIn}}},
      {"PeersAndPortsAreAnded",
       "This rule matches traffic that matches both ports and from.",
       header() + "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {}}], "
                  "ports: [{port: 80}]}, {from: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}], "
                  "ports: [{port: 81}]}]}\n",
       {{"80/TCP", {".....", ".....", "X....", "X....", "X...."}},
        {"81/TCP", {".....", "X....", ".....", ".....", "X...."}},
        {"82/TCP", kShut}}},
  };
  return kTruths;
}

INSTANTIATE_TEST_SUITE_P(Ports, TruthTest, testing::ValuesIn(truths()), name_of<Truth>);

}  // namespace
}  // namespace nettest::truth
