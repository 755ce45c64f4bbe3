#include "harness/kubernetes/kubernetes_engine.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "harness/agents/agent_pool.hpp"
#include "harness/agents/embedded_agent.hpp"
#include "harness/interrupt.hpp"
#include "harness/kubernetes/cluster_round.hpp"
#include "harness/kubernetes/permissions.hpp"
#include "harness/kubernetes/pod_exec.hpp"
#include "harness/kubernetes/pod_status.hpp"
#include "harness/kubernetes/wget_shells.hpp"

namespace nettest {

namespace {

constexpr Duration kLookPatience = std::chrono::seconds(30);

/// What to say of addresses that the suite gives; empty when it gives none.
std::string given_in_vain(const World& world) {
  std::vector<std::string> names;
  for (const auto& pod : world.pods) {
    if (!pod.ips.empty()) {
      names.push_back(to_string(pod.id));
    }
  }
  return names.empty() ? ""
                       : "`ips:` of " + join(names, ", ") +
                             " are ignored: the cluster gives its own addresses. Policies can name "
                             "them as $(ip NAMESPACE/POD)";
}

}  // namespace

/// The ways into the pods of one deployment.
struct KubernetesEngine::Clients {
  Clients(WgetEnter enter, const KubernetesOptions& options)
      : agents(reactor, options.agent_patience),
        shells(reactor, std::move(enter), options.exec_patience) {}

  Reactor reactor;
  AgentPool agents;
  WgetShells shells;
};

KubernetesEngine::KubernetesEngine(std::shared_ptr<Cluster> cluster, KubernetesOptions options)
    : cluster_(std::move(cluster)), options_(std::move(options)) {
  options_.pods.serve_by_image = options_.wget_only;
}

KubernetesEngine::~KubernetesEngine() = default;

Result<std::unique_ptr<Engine>> KubernetesEngine::make(std::shared_ptr<Cluster> cluster,
                                                       KubernetesOptions options,
                                                       LaneIdentity identity,
                                                       Tell tell) {
  std::unique_ptr<KubernetesEngine> engine(
      new KubernetesEngine(std::move(cluster), std::move(options)));
  if (auto looked = engine->look_around(std::move(identity), std::move(tell)); !looked) {
    return tl::unexpected(looked.error());
  }
  return engine;
}

Result<void> KubernetesEngine::look_around(LaneIdentity identity, Tell tell) {
  const auto deadline = std::chrono::steady_clock::now() + kLookPatience;
  auto api = cluster_->client();
  if (auto allowed = check_permissions(api, permissions_to_run(), deadline); !allowed) {
    return allowed;
  }
  const auto nodes = api.list("/api/v1/nodes", "", deadline);
  if (!nodes) {
    return tl::unexpected(nodes.error().to_error("list the nodes"));
  }
  const auto dns = api.list("/api/v1/namespaces/kube-system/pods", "k8s-app=kube-dns", deadline);
  const auto families = pod_families(nodes->items, dns ? dns->items : std::vector<Json>());
  Placement placement(
      identity.run, identity.lane, options_.exact_names, usable_nodes(nodes->items));
  capabilities_.engine = "kubernetes";
  capabilities_.versions = {{"kubernetes", cluster_->version()},
                            {"kubectl", cluster_->kubectl().version()}};
  capabilities_.protocols = {Protocol::tcp, Protocol::udp};
  capabilities_.families = {families.begin(), families.end()};
  capabilities_.clients = {Client::wget};
  if (!options_.wget_only) {
    capabilities_.clients.insert(Client::agent);
  }
  capabilities_.synchronous = false;
  capabilities_.nodes = placement.node_names();
  if (placement.nodes().size() == 1) {
    capabilities_.warnings.emplace_back(
        "one node takes pods: no connection between nodes is probed");
  }
  WorldStyle style{options_.pods,
                   options_.exact_names,
                   {{kOwnerNote, identity.owner}, {kStartedNote, identity.started}}};
  world_.emplace(cluster_, std::move(placement), std::move(style), std::move(tell));
  return {};
}

Result<void> KubernetesEngine::start_agents(const std::vector<PodId>& ids, TimePoint deadline) {
  std::vector<PodPlace> places;
  std::vector<AgentSetup> setups;
  for (const auto& id : ids) {
    const Pod* const pod = find_pod(world_->state().world, id);
    if (options_.wget_only || pod == nullptr || is_cluster_own(id.namespace_name)) {
      continue;
    }
    const auto architecture = world_->architecture_of(id);
    if (!architecture.empty() && agent_binary(architecture).empty()) {
      return fail(ErrorKind::unsupported,
                  "pod " + to_string(id) + " runs on a node of architecture " + architecture +
                      ", and this nettest brings the agent for " +
                      join(agent_architectures(), " and ") +
                      " only: cordon such nodes, or use --client wget");
    }
    places.push_back({id, world_->placement().real(id.namespace_name), architecture});
    AgentSetup setup;
    setup.pod = id;
    setup.command = cluster_->kubectl().command(exec_words(places.back(), {agent_path()}));
    if (!serves_by_itself(*pod, options_.pods)) {
      setup.ports = pod->ports;
    }
    setups.push_back(std::move(setup));
  }
  if (auto pushed = push_agent(clients_->reactor, cluster_->kubectl(), places, deadline); !pushed) {
    return pushed;
  }
  return clients_->agents.add(std::move(setups), deadline);
}

void KubernetesEngine::warn(const std::string& text) {
  auto& said = capabilities_.warnings;
  if (!text.empty() && std::find(said.begin(), said.end(), text) == said.end()) {
    said.push_back(text);
  }
}

Result<AddressBook> KubernetesEngine::deploy(const World& world, TimePoint deadline) {
  clients_ = std::make_unique<Clients>(
      [this](const PodId& pod, const std::vector<std::string>& command) {
        return cluster_->kubectl().command(
            exec_words({pod, world_->placement().real(pod.namespace_name)}, command));
      },
      options_);
  warn(given_in_vain(world));
  if (auto made = world_->create(world, deadline); !made) {
    return tl::unexpected(made.error());
  }
  std::vector<PodId> ids;
  ids.reserve(world.pods.size());
  for (const auto& pod : world.pods) {
    ids.push_back(pod.id);
  }
  if (auto started = start_agents(ids, deadline); !started) {
    return tl::unexpected(started.error());
  }
  standing_ = true;
  return world_->addresses();
}

Result<AddressBook> KubernetesEngine::apply(std::span<const Change> changes, TimePoint deadline) {
  if (!standing_) {
    return fail(ErrorKind::engine, "no world is deployed");
  }
  const auto turnover = world_->change(changes, deadline);
  if (!turnover) {
    return tl::unexpected(turnover.error());
  }
  for (const auto& id : turnover->gone) {
    clients_->agents.remove(id);
    clients_->shells.remove(id);
  }
  if (!turnover->made.empty()) {
    if (auto started = start_agents(turnover->made, deadline); !started) {
      return tl::unexpected(started.error());
    }
  }
  return world_->addresses();
}

Result<std::vector<Attempt>> KubernetesEngine::probe(std::span<const Question> questions) {
  if (!standing_) {
    return fail(ErrorKind::engine, "no world is deployed");
  }
  auto attempts =
      ask_round({clients_->reactor, clients_->agents, clients_->shells, !options_.wget_only},
                {world_->state().world, world_->addresses(), world_->placement(), options_.pods},
                questions);
  if (interrupted()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  return attempts;
}

std::string KubernetesEngine::by_hand(const Probe& probe) const {
  return command_by_hand(
      probe,
      {world_->state().world, world_->addresses(), world_->placement(), options_.pods},
      cluster_->kubectl());
}

std::string KubernetesEngine::way_into(const PodId& pod) const {
  return cluster_->kubectl().by_hand(
      {"exec", "-it", "-n", world_->placement().real(pod.namespace_name), pod.name, "--", "sh"});
}

Result<void> KubernetesEngine::remove(TimePoint deadline) {
  clients_.reset();
  standing_ = false;
  return world_->remove(deadline);
}

}  // namespace nettest
