#include "harness/local/local_engine.hpp"

#include <algorithm>
#include <mutex>
#include <sys/utsname.h>
#include <utility>

#include "harness/agents/agent_pool.hpp"
#include "harness/agents/embedded_agent.hpp"
#include "harness/interrupt.hpp"
#include "harness/local/cluster_dns.hpp"
#include "harness/local/fabric.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/probe_round.hpp"
#include "harness/local/questions.hpp"
#include "harness/local/shell_server.hpp"

namespace nettest {

namespace {

constexpr Port kDnsPort = 53;

PodId dns_pod() {
  return {kSystemNamespace, kDnsName};
}

/// What the agent serves; the DNS port of kube-dns is dnsmasq's.
std::vector<ContainerPort> agent_ports(const Pod& pod) {
  std::vector<ContainerPort> ports = pod.ports;
  if (pod.id == dns_pod()) {
    ports.erase(std::remove_if(ports.begin(),
                               ports.end(),
                               [](const ContainerPort& port) { return port.port == kDnsPort; }),
                ports.end());
  }
  return ports;
}

}  // namespace

/// Everything that exists between deploy() and remove(). Processes go before the network.
struct LocalEngine::Running {
  Running(const PrivateWorld& world, CompileNode compile)
      : fabric(world.folder + "/pods", std::move(compile)),
        shells(world.listener, fabric.topology()),
        agents(reactor),
        dns(reactor, world.folder + "/cluster-hosts") {}

  Result<void> start_agents(const std::vector<PodId>& ids, TimePoint deadline);
  Result<void> start_or_update_dns();
  Result<void> build(const World& world, TimePoint deadline);
  Result<void> change(std::span<const Change> changes, TimePoint deadline);

  Fabric fabric;
  ShellServer shells;
  Reactor reactor;
  AgentPool agents;
  ClusterDns dns;
  Descriptor agent_program;
};

Result<void> LocalEngine::Running::start_agents(const std::vector<PodId>& ids, TimePoint deadline) {
  if (!agent_program.valid()) {
    auto program = agent_in_memory();
    if (!program) {
      return tl::unexpected(program.error());
    }
    agent_program = std::move(*program);
  }
  std::vector<AgentSetup> setups;
  for (const PodId& id : ids) {
    const NamespaceSet& namespaces = *fabric.topology().pod(id);
    AgentSetup setup;
    setup.pod = id;
    setup.ports = agent_ports(*find_pod(fabric.state().world, id));
    setup.command.argv = {"nettest-agent"};
    setup.command.program = agent_program.get();
    setup.command.namespaces = {
        namespaces.network.get(), namespaces.names.get(), namespaces.mounts.get()};
    setup.command.directory = "/";
    setups.push_back(std::move(setup));
  }
  return agents.add(std::move(setups), deadline);
}

Result<void> LocalEngine::Running::start_or_update_dns() {
  const NamespaceSet* const pod = fabric.topology().pod(dns_pod());
  if (pod == nullptr) {
    dns.stop();
    return {};
  }
  const std::string hosts = cluster_hosts(fabric.state().world, fabric.addresses());
  return dns.running() ? dns.update(hosts) : dns.start(*pod, hosts);
}

Result<void> LocalEngine::Running::build(const World& world, TimePoint deadline) {
  {
    const std::lock_guard lock(shells.guard());
    if (auto built = fabric.build(world); !built) {
      return built;
    }
  }
  if (auto started = start_or_update_dns(); !started) {
    return started;
  }
  std::vector<PodId> ids;
  for (const Pod& pod : fabric.state().world.pods) {
    ids.push_back(pod.id);
  }
  if (auto agents_ready = start_agents(ids, deadline); !agents_ready) {
    return agents_ready;
  }
  return dns.wait_until_current(deadline);
}

Result<void> LocalEngine::Running::change(std::span<const Change> changes, TimePoint deadline) {
  const auto turnover = fabric.prepare(changes);
  if (!turnover) {
    return tl::unexpected(turnover.error());
  }
  for (const PodId& id : turnover->gone) {
    agents.remove(id);
    if (id == dns_pod()) {
      dns.stop();
    }
  }
  {
    const std::lock_guard lock(shells.guard());
    if (auto done = fabric.commit(); !done) {
      return done;
    }
  }
  if (auto started = start_or_update_dns(); !started) {
    return started;
  }
  if (!turnover->made.empty()) {
    if (auto ready = start_agents(turnover->made, deadline); !ready) {
      return ready;
    }
  }
  return dns.wait_until_current(deadline);
}

LocalEngine::LocalEngine(LocalOptions options) : options_(std::move(options)) {
  Reactor reactor;
  wget_ = find_wget(reactor, options_.wget);
}

LocalEngine::~LocalEngine() {
  static_cast<void>(remove({}));
}

Capabilities LocalEngine::capabilities() const {
  Capabilities capabilities;
  capabilities.engine = "local";
  utsname kernel{};
  uname(&kernel);
  capabilities.versions["kernel"] = kernel.release;
  capabilities.versions["libnftables"] = NETTEST_LIBNFTABLES_VERSION;
  capabilities.protocols = {Protocol::tcp, Protocol::udp};
  capabilities.families = {IpFamily::ipv4};
  capabilities.clients = {Client::agent};
  if (wget_) {
    capabilities.clients.insert(Client::wget);
    capabilities.versions["wget"] = wget_->flavour == Wget::Flavour::gnu ? "GNU" : "BusyBox";
  } else {
    capabilities.warnings.emplace_back(
        "no wget on this machine, so the pods have none: run `sudo apt-get install wget`");
  }
  capabilities.synchronous = true;
  capabilities.nodes = {"n1", "n2"};
  if (kernel_has_ipv6()) {
    capabilities.families.insert(IpFamily::ipv6);
  } else {
    capabilities.warnings.emplace_back("no IPv6 in this kernel: only IPv4 is probed");
  }
  return capabilities;
}

Result<AddressBook> LocalEngine::deploy(const World& world, TimePoint deadline) {
  const PrivateWorld* const place = private_world();
  if (place == nullptr) {
    return fail(ErrorKind::engine, "the local engine runs inside run_in_private_world() only");
  }
  if (auto dnsmasq = find_dnsmasq(); !dnsmasq) {
    return tl::unexpected(dnsmasq.error());
  }
  running_ = std::make_unique<Running>(*place, options_.compile);
  if (auto built = running_->build(world, deadline); !built) {
    return tl::unexpected(built.error());
  }
  return running_->fabric.addresses();
}

Result<AddressBook> LocalEngine::apply(std::span<const Change> changes, TimePoint deadline) {
  if (!running_) {
    return fail(ErrorKind::engine, "no world is deployed");
  }
  if (auto changed = running_->change(changes, deadline); !changed) {
    return tl::unexpected(changed.error());
  }
  return running_->fabric.addresses();
}

Result<std::vector<Attempt>> LocalEngine::probe(std::span<const Question> questions) {
  if (!running_) {
    return fail(ErrorKind::engine, "no world is deployed");
  }
  if (auto alive = running_->dns.alive(); !alive) {
    return tl::unexpected(alive.error());
  }
  if (options_.overdue && options_.overdue()) {
    if (auto loaded = running_->fabric.reload(); !loaded) {
      return tl::unexpected(loaded.error());
    }
  }
  auto attempts =
      ask_round({running_->reactor, running_->agents, wget_, running_->fabric}, questions);
  if (interrupted()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  return attempts;
}

std::string LocalEngine::by_hand(const Probe& probe) const {
  return command_by_hand(probe, running_ ? running_->fabric.addresses() : AddressBook());
}

Result<void> LocalEngine::remove(TimePoint /*deadline*/) {
  running_.reset();
  return {};
}

}  // namespace nettest
