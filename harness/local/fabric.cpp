#include "harness/local/fabric.hpp"

#include <algorithm>
#include <sys/socket.h>
#include <utility>

#include "harness/process/descriptor.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {

namespace {

template <typename Map>
void drop_ipv6(Map& addresses) {
  for (auto& [name, list] : addresses) {
    list.erase(
        std::remove_if(list.begin(),
                       list.end(),
                       [](const IpAddress& address) { return address.family() == IpFamily::ipv6; }),
        list.end());
  }
}

std::set<PodId> pods_of(const World& world) {
  std::set<PodId> ids;
  for (const Pod& pod : world.pods) {
    ids.insert(pod.id);
  }
  return ids;
}

/// Notes what one change did to the pods.
void note_turnover(PodTurnover& turnover,
                   const std::set<PodId>& before,
                   const std::set<PodId>& after) {
  for (const PodId& id : before) {
    if (after.contains(id)) {
      continue;
    }
    // One that was made by these same changes has never lived.
    const auto made = std::find(turnover.made.begin(), turnover.made.end(), id);
    if (made != turnover.made.end()) {
      turnover.made.erase(made);
    } else {
      turnover.gone.push_back(id);
    }
  }
  for (const PodId& id : after) {
    if (!before.contains(id)) {
      turnover.made.push_back(id);
    }
  }
}

}  // namespace

bool kernel_has_ipv6() {
  return Descriptor(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).valid();
}

Fabric::Fabric(const std::string& folder, CompileNode compile)
    : files_(folder), compile_(std::move(compile)), ipv6_(kernel_has_ipv6()) {}

AddressBook Fabric::assign(const World& world, const AddressBook& before) const {
  AddressBook book = assign_local_addresses(world, before);
  if (!ipv6_) {
    drop_ipv6(book.pods);
    drop_ipv6(book.services);
    drop_ipv6(book.nodes);
  }
  return book;
}

Result<void> Fabric::build(const World& world) {
  state_ = {with_cluster_dns(world), {}};
  addresses_ = assign(state_.world, {});
  if (auto ready = files_.prepare(); !ready) {
    return ready;
  }
  if (auto made = topology_.add_nodes(addresses_, ipv6_); !made) {
    return made;
  }
  if (auto opened = open_rules(); !opened) {
    return opened;
  }
  if (auto loaded = load_rules(); !loaded) {
    return loaded;
  }
  std::vector<PodId> ids;
  ids.reserve(state_.world.pods.size());
  for (const Pod& pod : state_.world.pods) {
    ids.push_back(pod.id);
  }
  return add_pods(ids);
}

Result<void> Fabric::open_rules() {
  for (const auto& [node, network] : topology_.nodes()) {
    auto opened = in_network(*network, [&, &name = node]() -> Result<void> {
      auto rules = Nft::open();
      if (!rules) {
        return tl::unexpected(rules.error());
      }
      rules_.emplace(name, std::move(*rules));
      return {};
    });
    if (!opened) {
      return opened;
    }
  }
  return {};
}

Result<void> Fabric::load_rules() {
  ++generation_;
  for (auto& [node, rules] : rules_) {
    const auto loaded = rules.replace(compile_({state_, addresses_, node, generation_}));
    if (!loaded) {
      return tl::unexpected(loaded.error().while_doing("program node " + node));
    }
  }
  return {};
}

Result<void> Fabric::add_pods(const std::vector<PodId>& ids) {
  const auto& dns = addresses_.services[{kSystemNamespace, kDnsName}];
  const std::vector<IpAddress> nameservers(dns.begin(), dns.empty() ? dns.end() : dns.begin() + 1);
  std::vector<Pod> pods;
  for (const PodId& id : ids) {
    if (auto written = files_.write(id, addresses_.pods[id], nameservers); !written) {
      return written;
    }
    pods.push_back(*find_pod(state_.world, id));
  }
  return topology_.add_pods(pods, addresses_, [&](const PodId& id) { return files_.furnish(id); });
}

Result<PodTurnover> Fabric::prepare(std::span<const Change> changes) {
  prepared_ = {state_, addresses_, {}};
  std::set<PodId> before = pods_of(state_.world);
  for (const Change& change : changes) {
    if (auto done = apply_change(prepared_.state, change); !done) {
      return tl::unexpected(done.error());
    }
    std::set<PodId> after = pods_of(prepared_.state.world);
    note_turnover(prepared_.turnover, before, after);
    // A pod that comes again in this step is another one. What only comes is placed together.
    if (after.size() < before.size()) {
      prepared_.addresses = assign(prepared_.state.world, prepared_.addresses);
    }
    before = std::move(after);
  }
  prepared_.addresses = assign(prepared_.state.world, prepared_.addresses);
  return prepared_.turnover;
}

Result<void> Fabric::commit() {
  state_ = std::move(prepared_.state);
  addresses_ = std::move(prepared_.addresses);
  const PodTurnover turnover = std::exchange(prepared_.turnover, {});
  for (const PodId& id : turnover.gone) {
    if (auto removed = topology_.remove_pod(id); !removed) {
      return removed;
    }
    files_.remove(id);
  }
  if (auto loaded = load_rules(); !loaded) {
    return loaded;
  }
  return add_pods(turnover.made);
}

void Fabric::clear() {
  for (const auto& [id, namespaces] : topology_.pods()) {
    files_.remove(id);
  }
  rules_.clear();
  topology_.clear();
  state_ = {};
  addresses_ = {};
}

}  // namespace nettest
