#include "suites/local_addresses.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace nettest {

namespace {

/// Hosts of a /24 that pods get: .2 to .254 (.1 is the node's end, .255 broadcast).
constexpr std::uint32_t kFirstHost = 2;
constexpr std::uint32_t kHostsPerSubnet = 253;
/// Subnets per node: 10.244.N.0/24, 10.244.(N+2).0/24, ... up to 10.255.255.0/24.
constexpr std::uint32_t kSubnetsPerNode = 1535;
constexpr std::uint32_t kPodsPerNode = kSubnetsPerNode * kHostsPerSubnet;
/// Services: 10.96.0.11 to 10.96.255.254; below are kubernetes (.1) and kube-dns (.10).
constexpr std::uint32_t kDnsService = 10;
constexpr std::uint32_t kFirstService = 11;
constexpr std::uint32_t kServices = 65534 - kFirstService + 1;

/// An IPv6 address fd00:a:b:c::host, the groups as they are written in hexadecimal.
IpAddress ipv6(std::array<std::uint16_t, 3> groups, std::uint32_t host) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[0] = 0xFD;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    bytes[2 + 2 * i] = static_cast<std::uint8_t>(groups[i] >> 8U);
    bytes[3 + 2 * i] = static_cast<std::uint8_t>(groups[i] & 0xFFU);
  }
  bytes[14] = static_cast<std::uint8_t>((host >> 8U) & 0xFFU);
  bytes[15] = static_cast<std::uint8_t>(host & 0xFFU);
  return IpAddress::from_ipv6(bytes);
}

std::vector<IpAddress> pod_addresses(std::uint32_t node, std::uint32_t index) {
  const std::uint32_t subnet = node + 2 * (index / kHostsPerSubnet);
  const std::uint32_t host = kFirstHost + index % kHostsPerSubnet;
  constexpr std::uint32_t kPodBase = (10U << 24U) | (244U << 16U);
  return {IpAddress::from_ipv4(kPodBase + (subnet << 8U) + host),
          ipv6({0x10, 0x244, static_cast<std::uint16_t>(subnet)}, host)};
}

IpAddress service_address(IpFamily family, std::uint32_t host) {
  constexpr std::uint32_t kServiceBase = (10U << 24U) | (96U << 16U);
  return family == IpFamily::ipv4 ? IpAddress::from_ipv4(kServiceBase + host)
                                  : ipv6({0x10, 0x96, 0}, host);
}

std::vector<IpAddress> node_addresses(std::uint32_t node) {
  constexpr std::uint32_t kNodeBase = (172U << 24U) | (18U << 16U);
  return {IpAddress::from_ipv4(kNodeBase + node), ipv6({0x172, 0x18, 0}, node)};
}

std::string node_name(std::uint32_t number) {
  return "n" + std::to_string(number);
}

class Assignment {
 public:
  Assignment(const World& world, const AddressBook& before) : world_(world), before_(before) {
    for (std::uint32_t number : {1U, 2U}) {
      book_.nodes[node_name(number)] = node_addresses(number);
    }
  }

  AddressBook make() {
    keep_pods();
    keep_services();
    number_pods();
    number_services();
    return std::move(book_);
  }

 private:
  void keep_pods() {
    for (const auto& pod : world_.pods) {
      const auto known = before_.pods.find(pod.id);
      const auto node = before_.node_of.find(pod.id);
      if (known != before_.pods.end() && node != before_.node_of.end()) {
        book_.pods.insert(*known);
        book_.node_of.insert(*node);
        used_.insert(known->second.begin(), known->second.end());
      }
    }
  }

  void keep_services() {
    for (const auto& service : world_.services) {
      const auto known = before_.services.find(service.id);
      if (known != before_.services.end()) {
        book_.services.insert(*known);
        used_.insert(known->second.begin(), known->second.end());
      }
    }
  }

  void number_pods() {
    place_pods();
    for (const auto& pod : world_.pods) {
      if (book_.pods.contains(pod.id)) {
        continue;
      }
      const std::uint32_t node = node_for(pod);
      book_.node_of[pod.id] = node_name(node);
      book_.pods[pod.id] = pod.host_network ? node_addresses(node) : free_pod_addresses(node);
    }
  }

  void place_pods() {
    for (const auto& pod : world_.pods) {
      if (may_be_anywhere(pod)) {
        place_.emplace(pod.id, 0);
      }
    }
    std::uint32_t turn = 0;
    for (auto& [id, node] : place_) {
      node = turn++ % 2 + 1;
    }
  }

  static bool may_be_anywhere(const Pod& pod) {
    return !pod.system && pod.node != "n1" && pod.node != "n2";
  }

  [[nodiscard]] std::uint32_t node_for(const Pod& pod) const {
    if (may_be_anywhere(pod)) {
      return place_.at(pod.id);
    }
    return pod.node == "n2" ? 2 : 1;
  }

  /// The lowest addresses of the node that nobody has; none when all are taken.
  std::vector<IpAddress> free_pod_addresses(std::uint32_t node) {
    std::uint32_t& next = next_pod_[node];
    while (next < kPodsPerNode) {
      auto addresses = pod_addresses(node, next++);
      if (used_.insert(addresses.front()).second) {
        return addresses;
      }
    }
    return {};
  }

  void number_services() {
    for (const auto& service : world_.services) {
      if (book_.services.contains(service.id)) {
        continue;
      }
      book_.services[service.id] = {};
      if (service.headless) {
        continue;
      }
      const bool dns = service.id == ServiceId{kSystemNamespace, kDnsName};
      const auto host = dns ? kDnsService : free_service_host();
      for (const IpFamily family : service.families) {
        if (host) {
          book_.services[service.id].push_back(service_address(family, *host));
        }
      }
    }
  }

  std::optional<std::uint32_t> free_service_host() {
    while (next_service_ < kServices) {
      const std::uint32_t host = kFirstService + next_service_++;
      const bool taken = used_.contains(service_address(IpFamily::ipv4, host)) ||
                         used_.contains(service_address(IpFamily::ipv6, host));
      if (!taken) {
        return host;
      }
    }
    return std::nullopt;
  }

  const World& world_;
  const AddressBook& before_;
  AddressBook book_;
  std::set<IpAddress> used_;
  /// Where pods go that may be anywhere.
  std::map<PodId, std::uint32_t> place_;
  /// Where the search for a free address goes on.
  std::map<std::uint32_t, std::uint32_t> next_pod_;
  std::uint32_t next_service_ = 0;
};

}  // namespace

AddressBook assign_local_addresses(const World& world, const AddressBook& before) {
  return Assignment(world, before).make();
}

}  // namespace nettest
