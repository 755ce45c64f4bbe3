#include "harness/fence.hpp"

#include <algorithm>
#include <utility>

namespace nettest {

namespace {

constexpr Port kFencePort = 8080;
constexpr const char* kRole = "nettest-fence";
constexpr std::string_view kClientPrefix = "client-";

PolicyId fence_policy_id() {
  return {std::string(kFenceNamespace), "fence"};
}

/// Denies everything at both ends, so that it shows where only one direction is enforced, too.
NetworkPolicy fence_policy() {
  NetworkPolicy policy;
  policy.id = fence_policy_id();
  policy.isolates_egress = true;
  return policy;
}

Pod fence_pod(const std::string& role, std::size_t number, const std::string& node) {
  Pod pod;
  pod.id = {std::string(kFenceNamespace), role + "-" + std::to_string(number)};
  pod.labels = {{kRole, role}};
  pod.node = node;
  pod.system = true;
  if (role == "server") {
    pod.ports = {{"fence", kFencePort, Protocol::tcp, Serve::http}};
  }
  return pod;
}

bool is_up(const ClusterState& state) {
  return std::any_of(state.policies.begin(), state.policies.end(), [](const NetworkPolicy& policy) {
    return policy.id == fence_policy_id();
  });
}

bool is_client(const PodId& id) {
  return id.namespace_name == kFenceNamespace && id.name.starts_with(kClientPrefix);
}

}  // namespace

World with_fence(World world, const std::vector<std::string>& nodes) {
  Namespace home;
  home.name = std::string(kFenceNamespace);
  home.labels = {{"kubernetes.io/metadata.name", home.name}};
  home.system = true;
  world.namespaces.push_back(std::move(home));
  const std::vector<std::string> anywhere = {""};
  std::size_t number = 0;
  for (const auto& node : nodes.empty() ? anywhere : nodes) {
    ++number;
    world.pods.push_back(fence_pod("client", number, node));
    world.pods.push_back(fence_pod("server", number, node));
  }
  return world;
}

bool has_fence(const World& world) {
  return find_namespace(world, kFenceNamespace) != nullptr;
}

Change turn_of_fence(const ClusterState& state) {
  return is_up(state) ? Change{DeletePolicy{fence_policy_id()}, {}}
                      : Change{ApplyPolicy{fence_policy()}, {}};
}

std::vector<Inquiry> fence_inquiries(const ClusterState& state, const std::set<Client>& clients) {
  std::vector<Inquiry> inquiries;
  for (const auto& pod : state.world.pods) {
    if (!is_client(pod.id)) {
      continue;
    }
    Inquiry inquiry;
    inquiry.probe.from = pod.id;
    inquiry.probe.to =
        PodId{pod.id.namespace_name, "server-" + pod.id.name.substr(kClientPrefix.size())};
    inquiry.probe.port = kFencePort;
    inquiry.probe.serve = Serve::http;
    inquiry.probe.client = clients.contains(Client::agent) ? Client::agent : Client::wget;
    inquiry.predicted = is_up(state) ? Verdict::blocked : Verdict::allowed;
    inquiries.push_back(std::move(inquiry));
  }
  return inquiries;
}

std::string fence_place(const Probe& probe, const World& world) {
  const Pod* const pod = find_pod(world, probe.from);
  return pod == nullptr || pod->node.empty() ? "the node of " + to_string(probe.from)
                                             : "node " + pod->node;
}

}  // namespace nettest
