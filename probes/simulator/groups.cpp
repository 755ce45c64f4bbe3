#include "probes/simulator/groups.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace nettest {

namespace {

constexpr std::array kDirections = {Direction::ingress, Direction::egress};
constexpr std::array kFamilies = {IpFamily::ipv4, IpFamily::ipv6};

std::string port_key(const std::string& name, Protocol protocol, Port port) {
  return name + "/" + std::string(to_string(protocol)) + "/" + std::to_string(port);
}

/// What the policies of a state ask about.
struct Asked {
  Vocabulary pods;
  Vocabulary namespaces;
  std::set<std::string> policy_namespaces;
  std::set<std::string> port_names;
  /// Addresses at which a block or an exception begins, or the first one after
  /// its end; sorted.
  std::vector<IpAddress> boundaries;
};

void add_bounds(const WrittenCidr& block, Asked& asked) {
  if (!block.cidr) {
    return;
  }
  asked.boundaries.push_back(block.cidr->first());
  if (const auto after = block.cidr->last().next()) {
    asked.boundaries.push_back(*after);
  }
}

void ask(const PolicyPeer& peer, Asked& asked) {
  if (peer.pod_selector) {
    asked.pods.add(*peer.pod_selector);
  }
  if (peer.namespace_selector) {
    asked.namespaces.add(*peer.namespace_selector);
  }
  if (peer.ip_block) {
    add_bounds(peer.ip_block->cidr, asked);
    for (const auto& except : peer.ip_block->except) {
      add_bounds(except, asked);
    }
  }
}

void ask(const PolicyRule& rule, Asked& asked) {
  for (const auto& peer : rule.peers) {
    ask(peer, asked);
  }
  for (const auto& port : rule.ports) {
    if (const auto* name = std::get_if<std::string>(&port.port)) {
      asked.port_names.insert(*name);
    }
  }
}

Asked what_is_asked(const std::vector<NetworkPolicy>& policies) {
  Asked asked;
  for (const auto& policy : policies) {
    asked.policy_namespaces.insert(policy.id.namespace_name);
    asked.pods.add(policy.pod_selector);
    for (const auto direction : kDirections) {
      for (const auto& rule : rules(policy, direction)) {
        ask(rule, asked);
      }
    }
  }
  std::sort(asked.boundaries.begin(), asked.boundaries.end());
  asked.boundaries.erase(std::unique(asked.boundaries.begin(), asked.boundaries.end()),
                         asked.boundaries.end());
  return asked;
}

/// The labels of every namespace; one that is only mentioned has what the API
/// server would add.
std::unordered_map<std::string, Labels> namespace_labels(const World& world) {
  std::unordered_map<std::string, Labels> labels;
  for (const auto& ns : world.namespaces) {
    labels.emplace(ns.name, ns.labels);
  }
  for (const auto& pod : world.pods) {
    const auto& name = pod.id.namespace_name;
    if (!labels.contains(name)) {
      labels.emplace(name, Labels{{"kubernetes.io/metadata.name", name}});
    }
  }
  return labels;
}

const std::vector<IpAddress>& addresses_of(const AddressBook& addresses, const PodId& pod) {
  static const std::vector<IpAddress> kNone;
  const auto found = addresses.pods.find(pod);
  return found == addresses.pods.end() ? kNone : found->second;
}

/// Writes texts that are equal for pods (namespaces) that no policy can tell
/// apart.
class Signer {
 public:
  Signer(const Asked& asked, const AddressBook& addresses) : asked_(asked), addresses_(addresses) {}

  [[nodiscard]] std::string sign(const std::string& name, const Labels& labels) const {
    return asked_.policy_namespaces.contains(name) ? "name\1" + name
                                                   : asked_.namespaces.project(labels);
  }

  [[nodiscard]] std::string sign(const Pod& pod, const std::string& namespace_signature) const {
    std::string text = namespace_signature;
    text += '\2';
    text += asked_.pods.project(pod.labels);
    text += '\2';
    sign_ports(pod, text);
    const auto& own = addresses_of(addresses_, pod.id);
    for (const auto family : kFamilies) {
      sign_address(address_of(own, family), text);
    }
    return text;
  }

 private:
  void sign_ports(const Pod& pod, std::string& text) const {
    if (asked_.port_names.empty()) {
      return;
    }
    for (const auto& port : pod.ports) {
      if (asked_.port_names.contains(port.name)) {
        text += port_key(port.name, port.protocol, port.port);
        text += '\3';
      }
    }
  }

  void sign_address(const std::optional<IpAddress>& address, std::string& text) const {
    text += '\4';
    if (address) {
      const auto after =
          std::upper_bound(asked_.boundaries.begin(), asked_.boundaries.end(), *address);
      text += std::to_string(after - asked_.boundaries.begin());
    }
  }

  const Asked& asked_;
  const AddressBook& addresses_;
};

}  // namespace

std::size_t Groups::PodIdHash::operator()(const PodId& id) const {
  const std::hash<std::string> hash;
  constexpr std::size_t kMix = 0x9E3779B97F4A7C15ULL;
  return hash(id.namespace_name) * kMix + hash(id.name);
}

Groups::Groups(const ClusterState& state, const AddressBook& addresses, GroupingOptions options)
    : world_(state.world), pod_labels_({}), namespace_labels_({}) {
  const Asked asked = what_is_asked(state.policies);
  const Signer signer(asked, addresses);
  pod_labels_ = LabelIndex(asked.pods);
  port_names_.assign(asked.port_names.begin(), asked.port_names.end());

  std::unordered_map<std::string, std::string> signature_of;
  for (const auto& [name, labels] : namespace_labels(world_)) {
    signature_of.emplace(name, signer.sign(name, labels));
  }
  const auto& pods = world_.pods;
  std::vector<PodIndex> order(pods.size());
  std::iota(order.begin(), order.end(), PodIndex{0});
  std::stable_sort(order.begin(), order.end(), [&](PodIndex a, PodIndex b) {
    return pods[a].id.namespace_name < pods[b].id.namespace_name;
  });
  std::unordered_map<std::string, GroupIndex> known;
  group_of_.resize(pods.size());
  for (const PodIndex pod : order) {
    pod_index_.emplace(pods[pod].id, pod);
    std::string signature = signer.sign(pods[pod], signature_of[pods[pod].id.namespace_name]);
    if (!options.merge) {
      signature += "\5" + std::to_string(pod);
    }
    const auto [entry, fresh] =
        known.emplace(std::move(signature), static_cast<GroupIndex>(members_.size()));
    if (fresh) {
      members_.emplace_back();
    }
    group_of_[pod] = entry->second;
    members_[entry->second].push_back(pod);
  }
  for (const auto& name : asked.policy_namespaces) {
    in_namespace_.emplace(name, GroupSet{});
  }
  index_groups(state, addresses, asked.namespaces);
}

void Groups::index_groups(const ClusterState& state,
                          const AddressBook& addresses,
                          const Vocabulary& namespace_words) {
  namespace_labels_ = LabelIndex(namespace_words);
  std::unordered_map<std::string, GroupSet> by_namespace;
  for (GroupIndex group = 0; group < members_.size(); ++group) {
    by_namespace[representative(group).id.namespace_name].add(group);
    index_group(group, addresses);
  }
  const auto labels = namespace_labels(state.world);
  for (auto& [name, groups] : by_namespace) {
    groups.runOptimize();
    namespace_labels_.add(labels.at(name), groups);
    const auto policy_namespace = in_namespace_.find(name);
    if (policy_namespace != in_namespace_.end()) {
      policy_namespace->second = groups;
    }
  }
  std::sort(by_address_.begin(), by_address_.end());
}

void Groups::index_group(GroupIndex group, const AddressBook& addresses) {
  const Pod& pod = representative(group);
  GroupSet alone;
  alone.add(group);
  pod_labels_.add(pod.labels, alone);
  const auto& own = addresses_of(addresses, pod.id);
  for (const auto family : kFamilies) {
    if (const auto address = address_of(own, family)) {
      by_address_.emplace_back(*address, group);
    }
  }
  for (const auto& name : port_names_) {
    for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
      if (const auto port = named_port(group, name, protocol)) {
        with_named_port_[port_key(name, protocol, *port)].add(group);
      }
    }
  }
}

const Pod& Groups::representative(GroupIndex group) const {
  return world_.pods[members_[group].front()];
}

std::optional<PodIndex> Groups::find(const PodId& id) const {
  const auto found = pod_index_.find(id);
  return found == pod_index_.end() ? std::nullopt : std::optional(found->second);
}

const GroupSet& Groups::in_policy_namespace(const std::string& name) const {
  static const GroupSet kNobody;
  const auto found = in_namespace_.find(name);
  return found == in_namespace_.end() ? kNobody : found->second;
}

GroupSet Groups::pods(const LabelSelector& selector) const {
  return pod_labels_.select(selector);
}

GroupSet Groups::pods_of_namespaces(const LabelSelector& selector) const {
  return namespace_labels_.select(selector);
}

void Groups::add_range(GroupSet& members, const Cidr& block, bool include) const {
  const auto first =
      std::lower_bound(by_address_.begin(), by_address_.end(), Addressed{block.first(), 0});
  const IpAddress last = block.last();
  std::vector<GroupIndex> found;
  for (auto at = first; at != by_address_.end() && at->first <= last; ++at) {
    found.push_back(at->second);
  }
  const GroupSet range(found.size(), found.data());
  if (include) {
    members |= range;
  } else {
    members -= range;
  }
}

GroupSet Groups::in_block(const IpBlock& block, IpFamily family) const {
  GroupSet members;
  if (!block.cidr.cidr || block.cidr.cidr->family() != family) {
    return members;
  }
  add_range(members, *block.cidr.cidr, true);
  for (const auto& except : block.except) {
    if (except.cidr && except.cidr->family() == family) {
      add_range(members, *except.cidr, false);
    }
  }
  return members;
}

std::optional<Port> Groups::named_port(GroupIndex group,
                                       const std::string& name,
                                       Protocol protocol) const {
  for (const auto& port : representative(group).ports) {
    if (port.name == name && port.protocol == protocol) {
      return port.port;
    }
  }
  return std::nullopt;
}

GroupSet Groups::with_named_port(const std::string& name, Protocol protocol, Port port) const {
  const auto found = with_named_port_.find(port_key(name, protocol, port));
  return found == with_named_port_.end() ? GroupSet{} : found->second;
}

}  // namespace nettest
