#include "suites/world.hpp"

#include <algorithm>

namespace nettest {

namespace {

constexpr Port kDnsPort = 53;

template <typename Range, typename Matches>
auto find_in(const Range& range, Matches matches) -> decltype(&*range.begin()) {
  const auto found = std::find_if(range.begin(), range.end(), matches);
  return found == range.end() ? nullptr : &*found;
}

}  // namespace

std::string to_string(const PodId& id) {
  return id.namespace_name + "/" + id.name;
}

std::string to_string(const ServiceId& id) {
  return id.namespace_name + "/" + id.name;
}

const Namespace* find_namespace(const World& world, std::string_view name) {
  return find_in(world.namespaces, [&](const Namespace& ns) { return ns.name == name; });
}

const Pod* find_pod(const World& world, const PodId& id) {
  return find_in(world.pods, [&](const Pod& pod) { return pod.id == id; });
}

const Service* find_service(const World& world, const ServiceId& id) {
  return find_in(world.services, [&](const Service& service) { return service.id == id; });
}

World with_cluster_dns(World world) {
  if (find_namespace(world, kSystemNamespace) == nullptr) {
    world.namespaces.push_back({kSystemNamespace,
                                {{"kubernetes.io/metadata.name", kSystemNamespace}},
                                /*system=*/true,
                                {}});
  }
  if (find_pod(world, {kSystemNamespace, kDnsName}) == nullptr) {
    Pod dns;
    dns.id = {kSystemNamespace, kDnsName};
    dns.labels = {{"k8s-app", kDnsName}};
    dns.ports = {{"dns", kDnsPort, Protocol::udp, Serve::plain},
                 {"dns-tcp", kDnsPort, Protocol::tcp, Serve::plain}};
    dns.system = true;
    world.pods.push_back(std::move(dns));
  }
  if (find_service(world, {kSystemNamespace, kDnsName}) == nullptr) {
    Service dns;
    dns.id = {kSystemNamespace, kDnsName};
    dns.selector.match_labels = {{"k8s-app", kDnsName}};
    dns.ports = {{"dns", kDnsPort, Protocol::udp, {}}, {"dns-tcp", kDnsPort, Protocol::tcp, {}}};
    dns.system = true;
    world.services.push_back(std::move(dns));
  }
  return world;
}

std::optional<IpAddress> address_of(const std::vector<IpAddress>& addresses, IpFamily family) {
  const auto* found =
      find_in(addresses, [&](const IpAddress& address) { return address.family() == family; });
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace nettest
