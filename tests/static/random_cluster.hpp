// Small random clusters that hit the corners of NetworkPolicy, from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "suites/world.hpp"

namespace nettest::test {

struct RandomCluster {
  ClusterState state;
  AddressBook addresses;
  /// "ns/name[Kind]" per pod; some pods share one.
  std::vector<std::string> names;
};

/// Makes up namespaces, pods and policies; equal seeds, equal clusters.
class ClusterMaker {
 public:
  explicit ClusterMaker(std::uint32_t seed) : random_(seed) {}

  RandomCluster make() {
    RandomCluster cluster;
    for (const char* name : {"x", "y", "z-1"}) {
      Namespace ns{name, {{"kubernetes.io/metadata.name", name}}, false, {}};
      if (one_in(2)) {
        ns.labels["team"] = value();
      }
      cluster.state.world.namespaces.push_back(ns);
    }
    const std::uint32_t pods = 2 + below(7);
    for (std::uint32_t i = 0; i < pods; ++i) {
      add_pod(cluster, i);
    }
    const std::uint32_t policies = below(6);
    for (std::uint32_t i = 0; i < policies; ++i) {
      cluster.state.policies.push_back(policy(i));
    }
    return cluster;
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }
  bool one_in(std::uint32_t n) { return below(n) == 0; }

 private:
  std::string value() { return std::string(1, static_cast<char>('a' + below(3))); }
  std::string key() { return one_in(2) ? "app" : "tier"; }
  std::string namespace_name() { return std::vector<std::string>{"x", "y", "z-1"}[below(3)]; }

  void add_pod(RandomCluster& cluster, std::uint32_t index) {
    Pod pod;
    pod.id = {namespace_name(), "p" + std::to_string(index)};
    while (!one_in(3)) {
      pod.labels[key()] = value();
    }
    if (!one_in(3)) {
      const Port number = one_in(2) ? 80 : 8080;
      pod.ports.push_back({"http", number, Protocol::tcp, Serve::plain});
    }
    if (one_in(2)) {
      pod.ports.push_back({"dns", 53, Protocol::udp, Serve::plain});
    }
    if (one_in(2)) {
      cluster.addresses.pods[pod.id] = {
          IpAddress::from_ipv4(0x0A000000U + (below(3) << 8U) + index)};
    }
    const bool shares = one_in(5);
    cluster.names.push_back(pod.id.namespace_name + "/" + (shares ? "shared" : pod.id.name) +
                            (shares ? "[Deployment]" : "[Pod]"));
    cluster.state.world.pods.push_back(pod);
  }

  LabelSelector selector(const char* namespace_key) {
    LabelSelector made;
    if (one_in(4)) {
      return made;
    }
    const std::string k = namespace_key == nullptr ? key() : namespace_key;
    switch (below(5)) {
      case 0:
        made.match_labels[k] = value();
        break;
      case 1:
        made.match_expressions.push_back({k, SelectorOperator::in, {value(), value()}});
        break;
      case 2:
        made.match_expressions.push_back({k, SelectorOperator::not_in, {value()}});
        break;
      case 3:
        made.match_expressions.push_back({k, SelectorOperator::exists, {}});
        break;
      default:
        made.match_expressions.push_back({k, SelectorOperator::does_not_exist, {}});
        break;
    }
    return made;
  }

  static WrittenCidr written(const std::string& text) { return {text, Cidr::parse(text), {}}; }

  PolicyPeer peer() {
    PolicyPeer made;
    switch (below(4)) {
      case 0:
        made.pod_selector = selector(nullptr);
        break;
      case 1:
        made.namespace_selector = selector("team");
        break;
      case 2:
        made.pod_selector = selector(nullptr);
        made.namespace_selector = selector("team");
        break;
      default:
        made.ip_block = IpBlock{};
        made.ip_block->cidr =
            written(std::vector<std::string>{"10.0.0.0/8", "0.0.0.0/0", "10.0.1.0/24"}[below(3)]);
        if (one_in(2)) {
          made.ip_block->except.push_back(
              written(std::vector<std::string>{"10.0.1.0/25", "10.0.1.3/32"}[below(2)]));
        }
    }
    return made;
  }

  PolicyPort port() {
    PolicyPort made;
    made.protocol = one_in(3) ? Protocol::udp : Protocol::tcp;
    switch (below(4)) {
      case 0:
        break;
      case 1:
        made.port = std::string(one_in(2) ? "http" : "dns");
        break;
      case 2:
        made.port = Port{79};
        made.end_port = Port{81};
        break;
      default:
        made.port = one_in(2) ? Port{80} : Port{53};
    }
    return made;
  }

  std::vector<PolicyRule> rules() {
    std::vector<PolicyRule> made(below(3));
    for (PolicyRule& rule : made) {
      for (std::uint32_t i = below(3); i > 0; --i) {
        rule.peers.push_back(peer());
      }
      for (std::uint32_t i = below(3); i > 0; --i) {
        rule.ports.push_back(port());
      }
    }
    return made;
  }

  NetworkPolicy policy(std::uint32_t index) {
    NetworkPolicy made;
    made.id = {namespace_name(), "policy" + std::to_string(index)};
    made.pod_selector = selector(nullptr);
    made.isolates_ingress = !one_in(3);
    made.isolates_egress = !made.isolates_ingress || one_in(2);
    made.ingress = rules();
    made.egress = rules();
    return made;
  }

  std::mt19937 random_;
};

}  // namespace nettest::test
