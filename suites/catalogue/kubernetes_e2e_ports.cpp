// Ports and protocols; what is said of one protocol must not be taken for another.
#include <utility>

#include "suites/catalogue/kubernetes_e2e.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});

Peers from_y() {
  return {namespaces(namespace_named("y"))};
}

std::string lower(Protocol protocol) {
  return protocol == Protocol::tcp ? "tcp" : protocol == Protocol::udp ? "udp" : "sctp";
}

std::vector<Need> needs_of(Protocol protocol) {
  return protocol == Protocol::sctp ? std::vector<Need>{Need::sctp} : std::vector<Need>{};
}

/// The three cases that the suite has for UDP and SCTP.
std::vector<Case> of_protocol(Protocol protocol) {
  const std::string word = lower(protocol);
  const std::string port_name = ":81/" + std::string(to_string(protocol));
  return {
      kubernetes_case(word + "/default-deny-ingress",
                      "Nothing comes into a namespace, whatever the protocol.",
                      {{"ingress", "deny-all", word}, {"P6", "O3"}, needs_of(protocol)},
                      {step("apply",
                            {apply(Policy("x", "deny-all").shut(Direction::ingress))},
                            into_x_only(""))}),
      kubernetes_case(word + "/one-port",
                      "One port of that protocol from one namespace.",
                      {{"ingress", "ports", word}, {"O3", "O4"}, needs_of(protocol)},
                      {step("apply",
                            {apply(Policy("x", "allow-ingress-on-port-81-ns-x", kA)
                                       .ingress(from_y(), {port(protocol, 81)}))},
                            into_xa_only("allow y/* -> x/a" + port_name))}),
      kubernetes_case(word + "/from-pod-of-namespace",
                      "One pod of one other namespace, whatever the protocol.",
                      {{"ingress", "peers", word}, {"P1", "P4"}, needs_of(protocol)},
                      {step("apply",
                            {apply(Policy("x", "allow-ns-y-pod-a-via-namespace-pod-selector", kA)
                                       .ingress({pods_in(namespace_named("y"), kA)}))},
                            into_xa_only("allow y/a -> x/a"))})};
}

std::vector<Case> numbers_and_names() {
  const Policy for_81 =
      Policy("x", "allow-client-a-via-ns-selector", kA).ingress(from_y(), {tcp(81)});
  return {
      kubernetes_case("one-port",
                      "One port from one namespace.",
                      {{"ingress", "ports"}, {"O3", "O4"}, {}},
                      {step("apply", {apply(for_81)}, into_xa_only("allow y/* -> x/a:81/TCP"))}),
      kubernetes_case(
          "stacked-policies",
          "A second policy opens one more port.",
          {{"ingress", "ports", "stacked"}, {"I2"}, {}},
          {step("apply for 81", {apply(for_81)}, into_xa_only("allow y/* -> x/a:81/TCP")),
           step("apply for 80",
                {apply(Policy("x", "allow-client-a-via-ns-selector-80", kA)
                           .ingress(from_y(), {tcp(80)}))},
                into_xa_only("allow y/* -> x/a:81/TCP x/a:80/TCP"))}),
      kubernetes_case("allow-all",
                      "An empty rule opens a namespace that is isolated.",
                      {{"ingress", "allow-all"}, {"P6"}, {}},
                      {step("apply", {apply(Policy("x", "allow-all").ingress())}, all_open())}),
      kubernetes_case(
          "ingress-on-named-port",
          "One port is open by its name; its neighbour is not.",
          {{"ingress", "named-port"}, {"O2"}, {}},
          {step(
              "apply",
              {apply(Policy("x", "allow-all").ingress({}, {named(Protocol::tcp, "serve-81-tcp")}))},
              into_x_only("allow */* -> x/*:81/TCP"))}),
      kubernetes_case("ingress-from-namespace-on-named-port",
                      "One port by its name, from one namespace.",
                      {{"ingress", "named-port"}, {"O2", "I2"}, {}},
                      {step("apply",
                            {apply(Policy("x", "allow-client-a-via-ns-selector-80", kA)
                                       .ingress(from_y(), {named(Protocol::tcp, "serve-80-tcp")}))},
                            into_xa_only("allow y/* -> x/a:80/TCP"))}),
      kubernetes_case("ingress-by-protocol",
                      "A protocol without port is every port of it, and no other protocol.",
                      {{"ingress", "ports"}, {"O3"}, {}},
                      {step("apply",
                            {apply(Policy("x", "allow-ingress-by-proto", kA)
                                       .ingress({}, {all_of(Protocol::tcp)}))},
                            into_xa_only("allow */* -> x/a:80/TCP x/a:81/TCP"))})};
}

std::vector<Case> mistaken_protocols() {
  return {
      kubernetes_case("sctp-is-not-tcp",
                      "A rule for SCTP opens nothing for TCP, also where SCTP is not supported.",
                      {{"ingress", "ports", "sctp"}, {"O3", "I4"}, {}},
                      {step("apply",
                            {apply(Policy("x", "deny-ingress").shut(Direction::ingress)),
                             apply(Policy("x", "allow-only-sctp-ingress-on-port-81", kA)
                                       .ingress({}, {port(Protocol::sctp, 81)}))},
                            into_x_only("allow */* -> x/a:81/SCTP"))}),
      kubernetes_case(
          "sctp-isolates",
          "A pod with a rule for SCTP alone is isolated, also where SCTP is not supported.",
          {{"ingress", "ports", "sctp"}, {"O3", "I4"}, {}},
          {step("apply",
                {apply(Policy("x", "allow-only-sctp-ingress-on-port-80", kA)
                           .ingress({}, {port(Protocol::sctp, 80)}))},
                into_xa_only("allow */* -> x/a:80/SCTP"))}),
      kubernetes_case(
          "udp-is-not-tcp",
          "A rule for UDP opens nothing for TCP.",
          {{"ingress", "ports", "udp"}, {"O3"}, {}},
          {step(
              "apply",
              {apply(Policy("x", "allow-only-udp-ingress-on-port-81", kA).ingress({}, {udp(81)}))},
              into_xa_only("allow */* -> x/a:81/UDP"))})};
}

}  // namespace

std::vector<Case> kubernetes_port_cases() {
  std::vector<Case> cases = numbers_and_names();
  for (const auto& part :
       {mistaken_protocols(), of_protocol(Protocol::udp), of_protocol(Protocol::sctp)}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
