#include "tests/support/small_suite.hpp"

#include <utility>

namespace nettest {

namespace {

constexpr Port kHttp = 80;

Namespace make_namespace(const std::string& name) {
  return {name, {{"kubernetes.io/metadata.name", name}, {"name", name}}, false, {}};
}

Pod make_pod(PodId id, Labels labels) {
  Pod pod;
  pod.id = std::move(id);
  pod.labels = std::move(labels);
  return pod;
}

NetworkPolicy policy_on_web(std::string name) {
  NetworkPolicy policy;
  policy.id = {"default", std::move(name)};
  policy.pod_selector.match_labels = {{"app", "web"}};
  return policy;
}

}  // namespace

Suite small_suite() {
  Suite suite;
  suite.name = "small";
  suite.file = "small.yaml";
  suite.world.namespaces = {make_namespace("default"), make_namespace("notes")};
  suite.world.pods = {make_pod({"default", "web"}, {{"app", "web"}}),
                      make_pod({"default", "tester"}, {{"app", "tester"}}),
                      make_pod({"notes", "tester"}, {{"app", "tester"}})};
  suite.world.pods[0].ports = {{"http", kHttp, Protocol::tcp, Serve::http}};
  Service service;
  service.id = {"default", "web"};
  service.selector.match_labels = {{"app", "web"}};
  service.ports = {{"", kHttp, Protocol::tcp, {}}};
  suite.world.services = {service};
  return suite;
}

NetworkPolicy deny_web() {
  return policy_on_web("deny-web");
}

NetworkPolicy only_testers() {
  NetworkPolicy policy = policy_on_web("only-testers");
  PolicyPeer peer;
  peer.pod_selector = LabelSelector{{{"app", "tester"}}, {}};
  PolicyRule rule;
  rule.peers = {peer};
  policy.ingress = {rule};
  return policy;
}

NetworkPolicy deny_egress_of_notes() {
  NetworkPolicy policy;
  policy.id = {"notes", "deny-egress"};
  policy.isolates_ingress = false;
  policy.isolates_egress = true;
  return policy;
}

Step step(std::string name, std::vector<Change> changes) {
  Step result;
  result.name = std::move(name);
  result.changes = std::move(changes);
  return result;
}

Change apply_policy(NetworkPolicy policy) {
  return {ApplyPolicy{std::move(policy)}, {}};
}

void add_case(Suite& suite, std::string name, std::vector<Step> steps) {
  Case value;
  value.name = std::move(name);
  value.steps = std::move(steps);
  suite.cases.push_back(std::move(value));
}

ProbeSpec by_wget() {
  PairSpec pair;
  pair.from = "*/tester";
  pair.to = "http://web.default";
  pair.client = Client::wget;
  return {pair, {}};
}

}  // namespace nettest
