#include "harness/local/topology.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <utility>

#include "harness/local/forbidden.hpp"
#include "harness/local/interface_name.hpp"
#include "harness/local/readiness.hpp"

namespace nettest {

namespace {

constexpr int kLoopback = 1;
constexpr int kPodIndex = 2;
constexpr int kFirstNodeLink = 100;
constexpr Mac kNodeMac = {0x02, 0, 0, 0, 0, 0x01};
constexpr Mac kPodMac = {0x02, 0, 0, 0, 0, 0x02};

/// The same on every pod: addresses that exist only as permanent neighbours.
IpAddress gateway(IpFamily family) {
  return *IpAddress::parse(family == IpFamily::ipv4 ? "169.254.1.1" : "fe80::1");
}

Cidr alone(const IpAddress& address) {
  return {address, address.width()};
}

Cidr everything(IpFamily family) {
  return {*IpAddress::parse(family == IpFamily::ipv4 ? "0.0.0.0" : "::"), 0};
}

/// IPv6 forwarding has no per-device switch in rtnetlink; IPv4's is set with each link.
Result<void> allow_ipv6_forwarding() {
  const Descriptor file(open("/proc/sys/net/ipv6/conf/all/forwarding", O_WRONLY | O_CLOEXEC));
  if (!file.valid() || write(file.get(), "1", 1) != 1) {
    return tl::unexpected(
        forbidden(KernelNeed::sysctl, "write(/proc/sys/net/ipv6/conf/all/forwarding)", errno));
  }
  return {};
}

}  // namespace

Result<void> Topology::make_node(const std::string& name, const std::vector<IpAddress>& addresses) {
  if (auto left = leave_for_new(CLONE_NEWNET); !left) {
    return left;
  }
  auto network = own_namespace("net");
  auto netlink = Netlink::open(NETLINK_ROUTE);
  if (!network || !netlink) {
    return tl::unexpected(network ? netlink.error() : network.error());
  }
  if (ipv6_) {
    if (auto allowed = allow_ipv6_forwarding(); !allowed) {
      return allowed;
    }
  }
  Node& node = nodes_[name];
  node.network = std::move(*network);
  node.netlink = std::move(*netlink);
  node.addresses = addresses;
  set_up(node.netlink, kLoopback, /*forward=*/false);
  for (const auto& address : addresses) {
    add_address(node.netlink, kLoopback, address);
  }
  return node.netlink.flush();
}

Result<void> Topology::join(const std::string& a, const std::string& b) {
  static constexpr auto kMacOf = [](int index) {
    return Mac{0x02,
               0,
               0,
               1,
               static_cast<std::uint8_t>(index / 256),
               static_cast<std::uint8_t>(index % 256)};
  };
  const std::array<std::string, 2> names = {a, b};
  std::array<int, 2> index{};
  for (std::size_t i = 0; i < 2; ++i) {
    const Node& node = nodes_[names.at(i)];
    index.at(i) = kFirstNodeLink + static_cast<int>(node.links.size());
  }
  add_veth(nodes_[a].netlink,
           {index[0], "to-" + b, kMacOf(index[0]), -1},
           {index[1], "to-" + a, kMacOf(index[1]), nodes_[b].network.get()});
  // Both ends exist before either node speaks of its own.
  if (auto made = nodes_[a].netlink.flush(); !made) {
    return made;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    Node& node = nodes_[names.at(i)];
    const std::string& other = names.at(1 - i);
    node.links[other] = index.at(i);
    if (ipv6_) {
      set_no_link_local(node.netlink, index.at(i));
    }
    set_up(node.netlink, index.at(i), /*forward=*/true);
    for (const auto& address : nodes_[other].addresses) {
      add_route(node.netlink, {alone(address), index.at(i), std::nullopt});
      add_neighbour(node.netlink, index.at(i), address, kMacOf(index.at(1 - i)));
    }
  }
  if (auto flushed = flush_nodes(); !flushed) {
    return flushed;
  }
  return wait_until_ready({{&nodes_[a].netlink, index[0]}, {&nodes_[b].netlink, index[1]}});
}

Result<void> Topology::flush_nodes() {
  Result<void> result;
  for (auto& [name, node] : nodes_) {
    if (auto flushed = node.netlink.flush(); !flushed && result) {
      result = tl::unexpected(flushed.error().while_doing("node " + name));
    }
  }
  return result;
}

Result<void> Topology::add_nodes(const AddressBook& addresses, bool ipv6) {
  ipv6_ = ipv6;
  return in_own_thread([&]() -> Result<void> {
    for (const auto& [name, ips] : addresses.nodes) {
      if (auto made = make_node(name, ips); !made) {
        return tl::unexpected(made.error().while_doing("make node " + name));
      }
    }
    for (auto a = nodes_.begin(); a != nodes_.end(); ++a) {
      for (auto b = std::next(a); b != nodes_.end(); ++b) {
        if (auto joined = join(a->first, b->first); !joined) {
          return joined;
        }
      }
    }
    return {};
  });
}

Result<Topology::NewPod> Topology::make_pod(const Pod& pod,
                                            const Descriptor& home,
                                            const FurnishPod& furnish) {
  // Each pod starts from the world's own mounts, not from the pod before it.
  if (setns(home.get(), CLONE_NEWNS) != 0) {
    return tl::unexpected(forbidden(KernelNeed::namespaces, "setns(mnt)", errno));
  }
  if (auto left = leave_for_new(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS); !left) {
    return tl::unexpected(left.error());
  }
  if (auto furnished = furnish(pod.id); !furnished) {
    return tl::unexpected(furnished.error());
  }
  auto network = own_namespace("net");
  auto mounts = own_namespace("mnt");
  auto names = own_namespace("uts");
  for (const auto* opened : {&network, &mounts, &names}) {
    if (!*opened) {
      return tl::unexpected(opened->error());
    }
  }
  auto netlink = Netlink::open(NETLINK_ROUTE);
  if (!netlink) {
    return tl::unexpected(netlink.error());
  }
  NewPod made;
  made.namespaces = {std::move(*network), std::move(*mounts), std::move(*names)};
  made.netlink = std::move(*netlink);
  return made;
}

void Topology::wire_on_nodes(const NewPod& pod) {
  const Wire& wire = pod.wire;
  Node& home = nodes_[wire.node];
  add_veth(home.netlink,
           {wire.index, interface_name(wire.addresses), kNodeMac, -1},
           {kPodIndex, "eth0", kPodMac, pod.namespaces.network.get()});
  if (ipv6_) {
    set_no_link_local(home.netlink, wire.index);
  }
  set_up(home.netlink, wire.index, /*forward=*/true);
  for (const auto& address : wire.addresses) {
    add_route(home.netlink, {alone(address), wire.index, std::nullopt});
    add_neighbour(home.netlink, wire.index, address, kPodMac);
    for (const auto& [name, link] : home.links) {
      const auto via = address_of(home.addresses, address.family());
      Node& other = nodes_[name];
      add_route(other.netlink, {alone(address), other.links[wire.node], via});
    }
  }
}

Result<void> Topology::wire_in_pod(NewPod& pod) const {
  Netlink& netlink = pod.netlink;
  set_up(netlink, kLoopback, /*forward=*/false);
  if (ipv6_) {
    set_no_link_local(netlink, kPodIndex);
  }
  set_up(netlink, kPodIndex, /*forward=*/false);
  for (const auto& address : pod.wire.addresses) {
    const IpAddress via = gateway(address.family());
    add_address(netlink, kPodIndex, address);
    add_neighbour(netlink, kPodIndex, via, kNodeMac);
    if (address.family() == IpFamily::ipv4) {
      add_route(netlink, {alone(via), kPodIndex, std::nullopt});
    }
    add_route(netlink, {everything(address.family()), kPodIndex, via});
  }
  return netlink.flush();
}

Result<void> Topology::add_pods(std::span<const Pod> pods,
                                const AddressBook& addresses,
                                const FurnishPod& furnish) {
  return in_own_thread([&]() -> Result<void> {
    const auto home = own_namespace("mnt");
    if (!home) {
      return tl::unexpected(home.error());
    }
    std::vector<NewPod> made;
    for (const Pod& pod : pods) {
      auto one = make_pod(pod, *home, furnish);
      if (!one) {
        return tl::unexpected(one.error().while_doing("make pod " + to_string(pod.id)));
      }
      one->wire = {pod.id, addresses.node_of.at(pod.id), addresses.pods.at(pod.id), next_index_++};
      if (pod.host_network) {
        const int network = nodes_[one->wire.node].network.get();
        pods_[pod.id] = {Descriptor(fcntl(network, F_DUPFD_CLOEXEC, 0)),
                         std::move(one->namespaces.mounts),
                         std::move(one->namespaces.names)};
        continue;
      }
      wire_on_nodes(*one);
      made.push_back(std::move(*one));
    }
    return connect(made);
  });
}

Result<void> Topology::connect(std::vector<NewPod>& made) {
  if (auto flushed = flush_nodes(); !flushed) {
    return flushed;
  }
  for (NewPod& pod : made) {
    if (auto wired = wire_in_pod(pod); !wired) {
      return tl::unexpected(wired.error().while_doing("wire pod " + to_string(pod.wire.id)));
    }
  }
  if (auto ready = wait_for(made); !ready) {
    return ready;
  }
  for (NewPod& pod : made) {
    pods_[pod.wire.id] = std::move(pod.namespaces);
    wires_[pod.wire.id] = pod.wire;
  }
  return {};
}

Result<void> Topology::wait_for(std::vector<NewPod>& pods) {
  std::vector<Awaited> awaited;
  for (NewPod& pod : pods) {
    awaited.push_back({&nodes_[pod.wire.node].netlink, pod.wire.index});
    if (const auto address = address_of(pod.wire.addresses, IpFamily::ipv6)) {
      awaited.push_back({&pod.netlink, kPodIndex, address});
    }
  }
  return wait_until_ready(std::move(awaited));
}

Result<void> Topology::remove_pod(const PodId& id) {
  const auto wire = wires_.find(id);
  if (wire != wires_.end()) {
    Node& home = nodes_[wire->second.node];
    delete_link(home.netlink, wire->second.index);
    for (const auto& [name, link] : home.links) {
      Node& other = nodes_[name];
      for (const auto& address : wire->second.addresses) {
        delete_route(other.netlink, alone(address));
      }
    }
    wires_.erase(wire);
  }
  auto removed = flush_nodes();
  // Last: with a namespace that nobody holds any more the kernel takes its links away, at a moment
  // of its own.
  pods_.erase(id);
  return removed;
}

const NamespaceSet* Topology::pod(const PodId& id) const {
  const auto found = pods_.find(id);
  return found == pods_.end() ? nullptr : &found->second;
}

std::map<std::string, const Descriptor*> Topology::nodes() const {
  std::map<std::string, const Descriptor*> result;
  for (const auto& [name, node] : nodes_) {
    result[name] = &node.network;
  }
  return result;
}

void Topology::clear() {
  pods_.clear();
  wires_.clear();
  nodes_.clear();
}

}  // namespace nettest
