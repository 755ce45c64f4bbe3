#include "harness/local/questions.hpp"

#include <algorithm>

#include "harness/destinations.hpp"
#include "harness/local/service_compiler.hpp"

namespace nettest {

namespace {

/// What a shell can do about a port without any tool but bash and timeout.
std::string bash_by_hand(const Probe& probe, const std::string& host) {
  const std::string place = "/" + host + "/" + std::to_string(probe.port);
  if (probe.protocol == Protocol::udp) {
    return "bash -c 'exec 3<>/dev/udp" + place + "; echo hello >&3; timeout 1 head -c 200 <&3'";
  }
  return "timeout 1 bash -c 'exec 3<>/dev/tcp" + place + "; echo connected; head -n 1 <&3'";
}

}  // namespace

std::vector<PodId> expected_backends(const Probe& probe,
                                     const World& world,
                                     const AddressBook& addresses) {
  if (const auto* pod = std::get_if<PodId>(&probe.to)) {
    return {*pod};
  }
  std::vector<PodId> pods;
  const Service* const service = find_service(world, std::get<ServiceId>(probe.to));
  if (service == nullptr) {
    return pods;
  }
  for (const ServicePort& port : service->ports) {
    if (port.port != probe.port || port.protocol != probe.protocol) {
      continue;
    }
    for (const ServiceTarget& endpoint :
         endpoints_of(world, addresses, *service, port, probe.family)) {
      pods.push_back(endpoint.pod);
    }
  }
  // A headless service has no ports of its own: whoever is dialled answers.
  for (const Pod* pod :
       service->headless ? pods_behind(world, *service) : std::vector<const Pod*>()) {
    pods.push_back(pod->id);
  }
  std::sort(pods.begin(), pods.end());
  pods.erase(std::unique(pods.begin(), pods.end()), pods.end());
  return pods;
}

Result<AgentQuestion> agent_question(const Question& question,
                                     const World& world,
                                     const AddressBook& addresses) {
  const Probe& probe = question.probe;
  auto host = destination_host(probe, addresses);
  if (!host) {
    return tl::unexpected(host.error());
  }
  AgentQuestion asked;
  asked.from = probe.from;
  asked.protocol = probe.protocol;
  asked.family = probe.family;
  asked.host = std::move(*host);
  asked.port = probe.port;
  asked.serve = probe.serve;
  asked.http_host = probe.host;
  asked.timeout = question.timeout;
  asked.expected = expected_backends(probe, world, addresses);
  return asked;
}

Result<std::string> wget_url(const Probe& probe, const AddressBook& addresses) {
  if (probe.by == By::url) {
    return probe.url;
  }
  auto host = destination_host(probe, addresses);
  if (!host) {
    return host;
  }
  return http_url(*host, probe.port);
}

std::string command_by_hand(const Probe& probe, const AddressBook& addresses) {
  const std::string shell = "nettest shell " + to_string(probe.from) + " -- ";
  const bool http = probe.client == Client::wget || probe.serve == Serve::http;
  const auto url = wget_url(probe, addresses);
  const auto host = destination_host(probe, addresses);
  if (!url || !host) {
    return "# " + (url ? host.error() : url.error()).message;
  }
  if (http && probe.protocol == Protocol::tcp) {
    return shell + "wget -T 1 -t 1 -qO- " + *url;
  }
  return shell + bash_by_hand(probe, *host);
}

}  // namespace nettest
