#include "harness/local/service_compiler.hpp"

#include <array>
#include <set>
#include <string>

#include "harness/local/policy_gates.hpp"

namespace nettest {

namespace {

struct FamilyWords {
  IpFamily family;
  std::string ip;
  std::string type;
};

const std::array<FamilyWords, 2>& families() {
  static const std::array<FamilyWords, 2> words = {
      {{IpFamily::ipv4, "ip", "ipv4_addr"}, {IpFamily::ipv6, "ip6", "ipv6_addr"}}};
  return words;
}

std::string word(Protocol protocol) {
  constexpr std::array<const char*, 3> kWords = {"tcp", "udp", "sctp"};
  return kWords.at(static_cast<std::size_t>(protocol));
}

std::vector<Port> target_ports(const Pod& pod, const ServicePort& port) {
  if (const Port* number = std::get_if<Port>(&port.target_port)) {
    return {*number};
  }
  const auto* name = std::get_if<std::string>(&port.target_port);
  if (name == nullptr) {
    return {port.port};
  }
  for (const ContainerPort& own : pod.ports) {
    if (own.name == *name && own.protocol == port.protocol) {
      return {own.port};
    }
  }
  return {};
}

/// "dnat ip to 10.244.1.2:8080", or a random one of several.
std::string translation(const FamilyWords& words, const std::vector<ServiceTarget>& endpoints) {
  const std::string to = "dnat " + words.ip + " to ";
  if (endpoints.size() == 1) {
    const std::string address = to_string(endpoints[0].address);
    const std::string host = words.family == IpFamily::ipv6 ? "[" + address + "]" : address;
    return to + host + ":" + std::to_string(endpoints[0].port);
  }
  std::string map;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    map += (i == 0 ? "" : ", ") + std::to_string(i) + " : " + to_string(endpoints[i].address) +
           " . " + std::to_string(endpoints[i].port);
  }
  return to + "numgen random mod " + std::to_string(endpoints.size()) + " map { " + map + " }";
}

/// What has been gathered of one family while services are gone through.
struct Gathered {
  FamilyWords words;
  std::vector<std::string> ports;
  std::vector<std::string> cluster_ips;
  std::set<IpAddress> endpoints;
};

void write_service(NftBuilder& nft,
                   const World& world,
                   const AddressBook& addresses,
                   const Service& service,
                   Gathered& gathered) {
  const FamilyWords& words = gathered.words;
  const auto own = addresses.services.find(service.id);
  const auto cluster_ip =
      own == addresses.services.end() ? std::nullopt : address_of(own->second, words.family);
  if (!cluster_ip || service.headless) {
    return;
  }
  gathered.cluster_ips.push_back(to_string(*cluster_ip));
  for (const ServicePort& port : service.ports) {
    const auto endpoints = endpoints_of(world, addresses, service, port, words.family);
    if (endpoints.empty()) {
      continue;
    }
    const std::string chain = "service_" + words.ip + "_" + std::to_string(gathered.ports.size());
    nft.chain(chain);
    nft.rule(chain, "meta l4proto " + word(port.protocol) + " " + translation(words, endpoints));
    gathered.ports.push_back(to_string(*cluster_ip) + " . " + word(port.protocol) + " . " +
                             std::to_string(port.port) + " : goto " + chain);
    for (const ServiceTarget& endpoint : endpoints) {
      gathered.endpoints.insert(endpoint.address);
    }
  }
}

void write_family(NftBuilder& nft,
                  const Gathered& gathered,
                  const AddressBook& addresses,
                  const std::string& node) {
  const FamilyWords& words = gathered.words;
  nft.map("services_" + words.ip,
          words.type + " . inet_proto . inet_service : verdict",
          gathered.ports);
  std::vector<std::string> itself;
  for (const IpAddress& address : gathered.endpoints) {
    itself.push_back(to_string(address) + " . " + to_string(address));
  }
  nft.named_set("hairpin_" + words.ip, words.type + " . " + words.type, itself);
  nft.named_set("cluster_ips_" + words.ip, words.type, gathered.cluster_ips);
  const std::string lookup =
      words.ip + " daddr . meta l4proto . th dport vmap @services_" + words.ip;
  for (const char* hook : {"prerouting", "output"}) {
    nft.base_rule(std::string("nat_") + hook, lookup);
    // kube-proxy sends ICMP for TCP too; a client may take a second to notice that, a reset at
    // once.
    const std::string refused = words.ip + " daddr @cluster_ips_" + words.ip + " ";
    const std::string refuse = std::string("refuse_") + hook;
    nft.base_rule(refuse, refused + "meta l4proto tcp reject with tcp reset");
    nft.base_rule(refuse, refused + "reject with icmpx type port-unreachable");
  }
  const auto found = addresses.nodes.find(node);
  const auto own =
      found == addresses.nodes.end() ? std::nullopt : address_of(found->second, words.family);
  if (own) {
    nft.base_rule("nat_postrouting",
                  words.ip + " saddr . " + words.ip + " daddr @hairpin_" + words.ip + " snat " +
                      words.ip + " to " + to_string(*own));
  }
}

}  // namespace

std::vector<const Pod*> pods_behind(const World& world, const Service& service) {
  std::vector<const Pod*> pods;
  for (const Pod& pod : world.pods) {
    if (!service.selector.empty() && pod.id.namespace_name == service.id.namespace_name &&
        selector_holds(service.selector, pod.labels)) {
      pods.push_back(&pod);
    }
  }
  return pods;
}

std::vector<ServiceTarget> endpoints_of(const World& world,
                                        const AddressBook& addresses,
                                        const Service& service,
                                        const ServicePort& port,
                                        IpFamily family) {
  std::vector<ServiceTarget> endpoints;
  for (const Pod* pod : pods_behind(world, service)) {
    const auto own = addresses.pods.find(pod->id);
    const auto address =
        own == addresses.pods.end() ? std::nullopt : address_of(own->second, family);
    if (!address) {
      continue;
    }
    for (const Port target : target_ports(*pod, port)) {
      endpoints.push_back({pod->id, *address, target});
    }
  }
  return endpoints;
}

void write_services(NftBuilder& nft,
                    const World& world,
                    const AddressBook& addresses,
                    const std::string& node) {
  // After destination NAT: what still has a ClusterIP as destination is served by nobody.
  nft.base_chain("nat_prerouting", "type nat hook prerouting priority dstnat;");
  nft.base_chain("nat_output", "type nat hook output priority -100;");
  nft.base_chain("nat_postrouting", "type nat hook postrouting priority srcnat;");
  nft.base_chain("refuse_prerouting", "type filter hook prerouting priority -90;");
  nft.base_chain("refuse_output", "type filter hook output priority -90;");
  for (const FamilyWords& words : families()) {
    Gathered gathered{words, {}, {}, {}};
    for (const Service& service : world.services) {
      write_service(nft, world, addresses, service, gathered);
    }
    write_family(nft, gathered, addresses, node);
  }
}

}  // namespace nettest
