#include "probes/connectivity/clauses.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

namespace nettest {

namespace {

constexpr std::array kDirections = {Direction::ingress, Direction::egress};

std::vector<std::uint32_t> indices_of(const GroupSet& set) {
  std::vector<std::uint32_t> indices(set.cardinality());
  set.toUint32Array(indices.data());
  return indices;
}

std::size_t hash_of(const std::vector<std::uint32_t>& indices) {
  constexpr std::size_t kMix = 0x9E3779B97F4A7C15ULL;
  std::size_t hash = indices.size();
  for (const std::uint32_t index : indices) {
    hash = (hash ^ index) * kMix;
    hash ^= hash >> 29U;
  }
  return hash;
}

std::vector<std::uint32_t> common(const std::vector<std::uint32_t>& a,
                                  const std::vector<std::uint32_t>& b) {
  std::vector<std::uint32_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

ConnectionSet numbers_of(const CompiledRule& rule) {
  if (rule.every_port) {
    return ConnectionSet::all();
  }
  ConnectionSet connections;
  for (const PortMatch& match : rule.ports) {
    if (match.name.empty()) {
      connections =
          connections.united({match.protocol, PortSet(PortRange{match.first, match.last})});
    }
  }
  return connections;
}

std::vector<const CompiledRule*> rules_with_blocks(const CompiledPolicies& compiled) {
  std::vector<const CompiledRule*> found;
  for (const CompiledPolicy& policy : compiled.policies()) {
    for (const Direction direction : kDirections) {
      for (const CompiledRule& rule : rules(policy, direction)) {
        if (!rule.blocks.empty()) {
          found.push_back(&rule);
        }
      }
    }
  }
  return found;
}

}  // namespace

Clauses::Clauses(const CompiledPolicies& compiled,
                 ConnectionTable& table,
                 const std::vector<IpFamily>& families,
                 const std::vector<BlockSet>& also_tell_apart)
    : table_(table), groups_(compiled.groups().size()) {
  add_ranges(compiled, families, also_tell_apart);
  window_of_.assign(nodes(), kNoWindow);
  for (const Direction direction : kDirections) {
    isolated_.at(direction_index(direction)) = Bits(indices_of(compiled.isolated(direction)));
  }
  Indices open;
  for (NodeIndex node = 0; node < nodes(); ++node) {
    if (!isolated(Direction::ingress).contains(node)) {
      open.push_back(node);
    }
  }
  open_ = Bits(open);
  add_windows(compiled);
}

void Clauses::add_ranges(const CompiledPolicies& compiled,
                         const std::vector<IpFamily>& families,
                         const std::vector<BlockSet>& also_tell_apart) {
  const std::vector<const CompiledRule*> rules = rules_with_blocks(compiled);
  std::vector<BlockSet> sets;
  for (const CompiledRule* rule : rules) {
    BlockSet& set = sets.emplace_back();
    for (const IpBlock* block : rule->blocks) {
      set.blocks.push_back(*block);
    }
  }
  sets.insert(sets.end(), also_tell_apart.begin(), also_tell_apart.end());
  for (const IpFamily family : families) {
    const auto base = static_cast<NodeIndex>(nodes());
    const ExternalRanges external = partition_addresses(sets, family);
    ranges_.insert(ranges_.end(), external.ranges.begin(), external.ranges.end());
    for (std::size_t i = 0; i < rules.size(); ++i) {
      Indices& indices = ranges_of_rule_[rules[i]->written];
      for (const RangeRun& run : external.members[i]) {
        const std::size_t old_size = indices.size();
        indices.resize(old_size + run.end - run.begin);
        std::iota(indices.begin() + static_cast<std::ptrdiff_t>(old_size),
                  indices.end(),
                  base + run.begin);
      }
    }
  }
}

void Clauses::add_windows(const CompiledPolicies& compiled) {
  std::map<std::string, std::vector<PolicyIndex>> by_namespace;
  for (PolicyIndex i = 0; i < compiled.policies().size(); ++i) {
    by_namespace[compiled.policies()[i].written->id.namespace_name].push_back(i);
  }
  for (const auto& [name, policies] : by_namespace) {
    const GroupSet& members = compiled.groups().in_policy_namespace(name);
    if (!members.isEmpty()) {
      windows_.push_back({members.minimum(), members.maximum() + 1, {}});
      add_window(compiled, policies);
    }
  }
}

void Clauses::add_window(const CompiledPolicies& compiled,
                         const std::vector<PolicyIndex>& policies) {
  NamespaceWindow& window = windows_.back();
  std::fill(window_of_.begin() + window.first,
            window_of_.begin() + window.end,
            static_cast<std::uint32_t>(windows_.size() - 1));
  for (const Direction direction : kDirections) {
    auto& run = window.clauses.at(direction_index(direction));
    run.begin = static_cast<std::uint32_t>(of(direction).size());
    for (const PolicyIndex policy : policies) {
      if (isolates(*compiled.policies()[policy].written, direction)) {
        add_policy(compiled, policy, direction);
      }
    }
    run.end = static_cast<std::uint32_t>(of(direction).size());
  }
}

void Clauses::add_policy(const CompiledPolicies& compiled,
                         PolicyIndex policy,
                         Direction direction) {
  const CompiledPolicy& written = compiled.policies()[policy];
  const Indices targets = indices_of(written.targets);
  const auto& rules = nettest::rules(written, direction);
  for (std::uint32_t i = 0; i < rules.size() && !targets.empty(); ++i) {
    const Clause base{policy, i, nullptr, nullptr, table_.intern(nettest::numbers_of(rules[i]))};
    const Indices peers = peers_of(rules[i]);
    add_clause(direction, base, targets, peers);
    for (const PortMatch& match : rules[i].ports) {
      if (!match.name.empty()) {
        add_named(compiled.groups(), {direction, base, targets, peers}, match);
      }
    }
  }
}

void Clauses::add_named(const Groups& groups, const RuleSite& site, const PortMatch& match) {
  const bool is_ingress = site.direction == Direction::ingress;
  for (const auto& [number, having] : numbers_of(groups, match)) {
    Clause clause = site.base;
    clause.connections = table_.intern({match.protocol, PortSet(PortRange{number, number})});
    add_clause(site.direction,
               clause,
               is_ingress ? common(site.targets, having) : site.targets,
               is_ingress ? site.peers : common(site.peers, having));
  }
}

void Clauses::add_clause(Direction direction,
                         Clause clause,
                         const Indices& targets,
                         const Indices& peers) {
  if (targets.empty() || peers.empty() || clause.connections == ConnectionTable::kNone) {
    return;
  }
  const bool is_ingress = direction == Direction::ingress;
  clause.sources = intern(is_ingress ? peers : targets);
  clause.destinations = intern(is_ingress ? targets : peers);
  clauses_.at(direction_index(direction)).push_back(clause);
}

Clauses::Indices Clauses::peers_of(const CompiledRule& rule) const {
  Indices peers;
  if (rule.every_peer) {
    peers.resize(nodes());
    std::iota(peers.begin(), peers.end(), NodeIndex{0});
    return peers;
  }
  GroupSet selected = rule.selected;
  for (const GroupSet& in_block : rule.in_blocks) {
    selected |= in_block;
  }
  peers = indices_of(selected);
  const auto outside = ranges_of_rule_.find(rule.written);
  if (outside != ranges_of_rule_.end()) {
    peers.insert(peers.end(), outside->second.begin(), outside->second.end());
  }
  return peers;
}

const std::map<Port, Clauses::Indices>& Clauses::numbers_of(const Groups& groups,
                                                            const PortMatch& match) {
  const std::string key = std::string(to_string(match.protocol)) + "/" + match.name;
  const auto [entry, fresh] = named_.try_emplace(key);
  if (fresh) {
    for (GroupIndex group = 0; group < groups.size(); ++group) {
      if (const auto number = groups.named_port(group, match.name, match.protocol)) {
        entry->second[*number].push_back(group);
      }
    }
  }
  return entry->second;
}

const Bits* Clauses::intern(const Indices& ascending) {
  Bits bits(ascending);
  const std::size_t hash = hash_of(ascending);
  const auto [begin, end] = interned_.equal_range(hash);
  for (auto known = begin; known != end; ++known) {
    if (*known->second == bits) {
      return known->second;
    }
  }
  pool_.push_back(std::move(bits));
  interned_.emplace(hash, &pool_.back());
  return &pool_.back();
}

}  // namespace nettest
