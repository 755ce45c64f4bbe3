// Writes ClusterIP services as nftables rules, as kube-proxy does. Pure.
#pragma once

#include <vector>

#include "harness/local/nft_program.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A pod that answers for one port of a service.
struct ServiceTarget {
  PodId pod;
  IpAddress address;
  Port port = 0;

  auto operator<=>(const ServiceTarget&) const = default;
};

/// The pods of the service's namespace that its selector selects; none without a selector.
std::vector<const Pod*> pods_behind(const World& world, const Service& service);

/// The endpoints of one port: the selected pods with an address of the family; a named target port
/// is looked up in each of them, and pods without it are left out.
std::vector<ServiceTarget> endpoints_of(const World& world,
                                        const AddressBook& addresses,
                                        const Service& service,
                                        const ServicePort& port,
                                        IpFamily family);

/// Adds translation to a node's program: a random endpoint per connection, SNAT to the node's
/// address where a pod reaches itself, and REJECT for what no endpoint serves. Makes the sets
/// hairpin_ip and hairpin_ip6, which the filter uses.
void write_services(NftBuilder& nft,
                    const World& world,
                    const AddressBook& addresses,
                    const std::string& node);

}  // namespace nettest
