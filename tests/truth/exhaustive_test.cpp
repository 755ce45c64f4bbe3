// Every policy of a small grammar in a small world, against a second reading of
// the documentation that shares no code with the simulator.
#include <algorithm>

#include <gtest/gtest.h>

#include "probes/simulator/simulator.hpp"

namespace nettest {
namespace {

// The second reading: straight from the API reference, one question at a time.
namespace naive {

bool requirement_holds(const SelectorRequirement& r, const Labels& labels) {
  const bool there = labels.count(r.key) == 1;
  const bool listed = there && std::count(r.values.begin(), r.values.end(), labels.at(r.key)) > 0;
  if (r.op == SelectorOperator::in) {
    return listed;
  }
  if (r.op == SelectorOperator::not_in) {
    return !listed;
  }
  return there == (r.op == SelectorOperator::exists);
}

bool selected(const LabelSelector& selector, const Labels& labels) {
  for (const auto& [key, value] : selector.match_labels) {
    if (labels.count(key) == 0 || labels.at(key) != value) {
      return false;
    }
  }
  for (const auto& r : selector.match_expressions) {
    if (!requirement_holds(r, labels)) {
      return false;
    }
  }
  return true;
}

bool in_cidr(const Cidr& cidr, const IpAddress& address) {
  if (cidr.family() != address.family()) {
    return false;
  }
  for (int bit = 0; bit < cidr.length(); ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if ((cidr.address().bytes().at(byte) & mask) != (address.bytes().at(byte) & mask)) {
      return false;
    }
  }
  return true;
}

struct Question {
  const ClusterState& state;
  const AddressBook& book;
  const Pod& from;
  const Pod& to;
  Port port;
  Protocol protocol;
  IpFamily family;
};

bool peer_matches(const PolicyPeer& peer,
                  const NetworkPolicy& policy,
                  const Pod& pod,
                  const Question& q) {
  if (peer.ip_block) {
    for (const auto& address : q.book.pods.at(pod.id)) {
      if (address.family() != q.family || !in_cidr(*peer.ip_block->cidr.cidr, address)) {
        continue;
      }
      bool excepted = false;
      for (const auto& except : peer.ip_block->except) {
        excepted = excepted || in_cidr(*except.cidr, address);
      }
      if (!excepted) {
        return true;
      }
    }
    return false;
  }
  if (peer.namespace_selector) {
    for (const auto& ns : q.state.world.namespaces) {
      if (ns.name == pod.id.namespace_name && !selected(*peer.namespace_selector, ns.labels)) {
        return false;
      }
    }
  } else if (pod.id.namespace_name != policy.id.namespace_name) {
    return false;
  }
  return !peer.pod_selector || selected(*peer.pod_selector, pod.labels);
}

bool port_matches(const PolicyPort& port, const Question& q) {
  if (port.protocol != q.protocol) {
    return false;
  }
  if (std::holds_alternative<std::monostate>(port.port)) {
    return true;
  }
  if (std::holds_alternative<std::string>(port.port)) {
    for (const auto& served : q.to.ports) {
      if (served.name == std::get<std::string>(port.port) && served.protocol == q.protocol &&
          served.port == q.port) {
        return true;
      }
    }
    return false;
  }
  const Port first = std::get<Port>(port.port);
  return port.end_port ? q.port >= first && q.port <= *port.end_port : q.port == first;
}

bool rule_matches(const PolicyRule& rule,
                  const NetworkPolicy& policy,
                  const Pod& other,
                  const Question& q) {
  bool peer = rule.peers.empty();
  for (const auto& candidate : rule.peers) {
    peer = peer || peer_matches(candidate, policy, other, q);
  }
  bool port = rule.ports.empty();
  for (const auto& candidate : rule.ports) {
    port = port || port_matches(candidate, q);
  }
  return peer && port;
}

bool end_allows(bool ingress, const Question& q) {
  const Pod& own = ingress ? q.to : q.from;
  const Pod& other = ingress ? q.from : q.to;
  bool isolated = false;
  for (const auto& policy : q.state.policies) {
    const bool applies = (ingress ? policy.isolates_ingress : policy.isolates_egress) &&
                         policy.id.namespace_name == own.id.namespace_name &&
                         selected(policy.pod_selector, own.labels);
    if (!applies) {
      continue;
    }
    isolated = true;
    for (const auto& rule : ingress ? policy.ingress : policy.egress) {
      if (rule_matches(rule, policy, other, q)) {
        return true;
      }
    }
  }
  return !isolated;
}

bool allowed(const Question& q) {
  return q.from.id == q.to.id || (end_allows(true, q) && end_allows(false, q));
}

}  // namespace naive

struct Small {
  ClusterState state;
  AddressBook book;
};

Small two_by_two() {
  Small small;
  small.state.world.namespaces = {{"x", {{"ns", "x"}}, false, {}}, {"y", {}, false, {}}};
  int host = 1;
  for (const char* ns : {"x", "y"}) {
    for (const char* name : {"a", "b"}) {
      Pod pod;
      pod.id = {ns, name};
      if (name == std::string("a")) {
        pod.labels = {{"pod", "a"}};
      }
      pod.ports = {{"web", static_cast<Port>(ns == std::string("x") ? 80 : 81), Protocol::tcp, {}}};
      small.book.pods[pod.id] = {*IpAddress::parse("10.0.0." + std::to_string(host)),
                                 *IpAddress::parse("fd00::" + std::to_string(host))};
      small.state.world.pods.push_back(pod);
      ++host;
    }
  }
  return small;
}

LabelSelector only(SelectorOperator op, const char* key, const char* value) {
  LabelSelector selector;
  selector.match_expressions.push_back({key, op, {}});
  if (op == SelectorOperator::in || op == SelectorOperator::not_in) {
    selector.match_expressions.back().values = {value};
  }
  return selector;
}

std::vector<LabelSelector> selectors(const char* key, const char* value) {
  return {{},
          {{{key, value}}, {}},
          only(SelectorOperator::not_in, key, value),
          only(SelectorOperator::does_not_exist, key, value)};
}

PolicyPeer block(const char* cidr, const char* except) {
  PolicyPeer peer;
  peer.ip_block = IpBlock{{cidr, Cidr::parse(cidr), {}}, {}};
  if (except != nullptr) {
    peer.ip_block->except.push_back({except, Cidr::parse(except), {}});
  }
  return peer;
}

std::vector<PolicyRule> all_rules() {
  std::vector<PolicyPeer> peers;
  for (const auto& pods : selectors("pod", "a")) {
    peers.push_back({pods, {}, {}, {}});
    for (const auto& namespaces : selectors("ns", "x")) {
      peers.push_back({pods, namespaces, {}, {}});
    }
  }
  for (const auto& namespaces : selectors("ns", "x")) {
    peers.push_back({{}, namespaces, {}, {}});
  }
  peers.push_back(block("10.0.0.0/30", "10.0.0.2/31"));
  peers.push_back(block("0.0.0.0/0", nullptr));
  peers.push_back(block("fd00::/127", nullptr));
  const std::vector<std::vector<PolicyPort>> port_lists = {
      {},
      {{Protocol::tcp, Port{80}, {}, {}}},
      {{Protocol::tcp, std::string("web"), {}, {}}},
      {{Protocol::tcp, Port{79}, Port{81}, {}}, {Protocol::udp, {}, {}, {}}}};
  std::vector<PolicyRule> found;
  for (const auto& ports : port_lists) {
    found.push_back({{}, ports, {}});
    for (const auto& peer : peers) {
      found.push_back({{peer}, ports, {}});
    }
  }
  return found;
}

/// Every policy of one rule or none, of namespace x.
std::vector<NetworkPolicy> all_policies() {
  std::vector<std::vector<PolicyRule>> bodies = {{}};
  for (const auto& rule : all_rules()) {
    bodies.push_back({rule});
  }
  std::vector<NetworkPolicy> found;
  for (const auto& body : bodies) {
    for (const auto& target : selectors("pod", "a")) {
      for (const auto& [ingress, egress] : {std::pair(true, false), {false, true}, {true, true}}) {
        NetworkPolicy policy;
        policy.id = {"x", "p"};
        policy.pod_selector = target;
        policy.isolates_ingress = ingress;
        policy.isolates_egress = egress;
        policy.ingress = body;
        policy.egress = body;
        found.push_back(policy);
      }
    }
  }
  return found;
}

/// Compares both readings on every pair of pods; returns the number of probes.
std::size_t compare(const ClusterState& state, const AddressBook& book) {
  const Simulator simulator(state, book);
  std::size_t compared = 0;
  const std::vector<std::tuple<Port, Protocol, IpFamily>> asked = {
      {Port{80}, Protocol::tcp, IpFamily::ipv4},
      {Port{81}, Protocol::tcp, IpFamily::ipv6},
      {Port{82}, Protocol::tcp, IpFamily::ipv4},
      {Port{80}, Protocol::udp, IpFamily::ipv4}};
  for (const auto& from : state.world.pods) {
    for (const auto& to : state.world.pods) {
      for (const auto& [port, protocol, family] : asked) {
        Probe probe;
        probe.from = from.id;
        probe.to = to.id;
        probe.port = port;
        probe.protocol = protocol;
        probe.family = family;
        const bool expected = naive::allowed({state, book, from, to, port, protocol, family});
        ++compared;
        if (simulator.verdict(probe) != (expected ? Verdict::allowed : Verdict::blocked)) {
          ADD_FAILURE() << to_string(probe) << " should be " << (expected ? "allowed" : "blocked")
                        << "; the simulator says: " << explain(simulator.predict(probe));
        }
      }
    }
  }
  return compared;
}

TEST(Exhaustive, EveryPolicyAlone) {
  Small small = two_by_two();
  std::size_t compared = 0;
  for (const auto& policy : all_policies()) {
    small.state.policies = {policy};
    compared += compare(small.state, small.book);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(compared, 80000U);
}

/// Pairs of policies, one in each namespace or both in one: a stride through
/// all of them that is prime to their number.
TEST(Exhaustive, PoliciesInPairs) {
  Small small = two_by_two();
  const auto policies = all_policies();
  constexpr std::size_t kStride = 769;
  std::size_t second = 0;
  for (std::size_t first = 0; first < policies.size(); ++first) {
    second = (second + kStride) % policies.size();
    NetworkPolicy other = policies[second];
    other.id = {first % 2 == 0 ? "x" : "y", "q"};
    small.state.policies = {policies[first], other};
    compare(small.state, small.book);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace nettest
