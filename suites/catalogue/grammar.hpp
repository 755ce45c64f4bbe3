// The words that the cases of the catalogue are made of: selectors, peers, ports, policies,
// changes, expectations. They read like the manifests that they stand for. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "suites/suite.hpp"

namespace nettest::catalogue {

using Peers = std::vector<PolicyPeer>;
using Ports = std::vector<PolicyPort>;
using Changes = std::vector<Change>;
using Words = std::vector<std::string>;

LabelSelector everything();
LabelSelector labelled(Labels labels);
/// matchExpressions with one requirement.
LabelSelector in(std::string key, Words values);
LabelSelector not_in(std::string key, Words values);
LabelSelector exists(std::string key);
LabelSelector absent(std::string key);
/// Both selectors must hold.
LabelSelector operator&(LabelSelector left, const LabelSelector& right);

/// podSelector alone: pods of the policy's namespace.
PolicyPeer pods(LabelSelector selector);
/// namespaceSelector alone: every pod of those namespaces.
PolicyPeer namespaces(LabelSelector selector);
/// Both in one peer.
PolicyPeer pods_in(LabelSelector namespaces, LabelSelector pods);
PolicyPeer block(std::string cidr, Words except = {});

PolicyPort port(Protocol protocol, Port number);
PolicyPort tcp(Port number);
PolicyPort udp(Port number);
PolicyPort named(Protocol protocol, std::string name);
PolicyPort range(Protocol protocol, Port first, Port last);
/// Every port of the protocol.
PolicyPort all_of(Protocol protocol);

/// A policy in the making. A rule isolates its direction; so does shut(), without a rule.
class Policy {
 public:
  Policy(std::string namespace_name, std::string name, LabelSelector target = everything());

  Policy ingress(Peers from = {}, Ports ports = {}) &&;
  Policy egress(Peers to = {}, Ports ports = {}) &&;
  Policy rule(Direction direction, Peers peers = {}, Ports ports = {}) &&;
  Policy shut(Direction direction) &&;
  /// Egress to port 53 of everybody, UDP and TCP.
  Policy egress_to_dns() &&;

  [[nodiscard]] const NetworkPolicy& value() const { return policy_; }

 private:
  NetworkPolicy policy_;
};

Change apply(const Policy& policy);
Change apply(NetworkPolicy policy);
Change unapply(std::string namespace_name, std::string name);
/// `id` is "namespace/name".
Change relabel(std::string_view id, Labels labels);
Change relabel_namespace(std::string name, Labels labels);
Change create(Pod pod);
Change create(Namespace value);
Change create(Service service);
Change remove_pod(std::string_view id);
Change remove_namespace(std::string name);

/// Reads "allow x/a x/b -> y/a:80/TCP y/b" as one expectation per pair, several lines in
/// order.
std::vector<Expectation> expecting(std::initializer_list<std::string_view> lines);
std::vector<Expectation> operator+(std::vector<Expectation> first,
                                   const std::vector<Expectation>& second);

Step step(std::string name, Changes changes, std::vector<Expectation> expect = {});

/// What a case says of itself beside its name and reason.
struct Marks {
  Words tags;
  Words detects;
  std::vector<Need> needs;
};

/// A case of one step is named after what it does ("apply"); several bring their own names.
Case make_case(std::string name, std::string reason, Marks marks, std::vector<Step> steps);

/// "x/a" as an id.
PodId pod_named(std::string_view id);

}  // namespace nettest::catalogue
