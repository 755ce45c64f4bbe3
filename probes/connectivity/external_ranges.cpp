#include "probes/connectivity/external_ranges.hpp"

#include <algorithm>
#include <optional>

namespace nettest {

namespace {

using Stretches = std::vector<AddressRange>;

/// Sorts and joins stretches that overlap or touch.
Stretches normalized(Stretches stretches) {
  std::sort(stretches.begin(), stretches.end());
  Stretches result;
  for (const AddressRange& stretch : stretches) {
    if (!result.empty()) {
      const auto after = result.back().last.next();
      if (!after || stretch.first <= *after) {
        result.back().last = std::max(result.back().last, stretch.last);
        continue;
      }
    }
    result.push_back(stretch);
  }
  return result;
}

/// The stretches of a block: its CIDR without the exceptions.
void add_stretches(const IpBlock& block, Stretches& out) {
  Stretches holes;
  for (const WrittenCidr& except : block.except) {
    if (except.cidr && block.cidr.cidr->contains(*except.cidr)) {
      holes.push_back({except.cidr->first(), except.cidr->last()});
    }
  }
  std::optional<IpAddress> next = block.cidr.cidr->first();
  for (const AddressRange& hole : normalized(std::move(holes))) {
    if (*next < hole.first) {
      out.push_back({*next, *hole.first.previous()});
    }
    next = hole.last.next();
    if (!next) {
      return;
    }
  }
  if (*next <= block.cidr.cidr->last()) {
    out.push_back({*next, block.cidr.cidr->last()});
  }
}

Stretches stretches_of(const BlockSet& set, IpFamily family) {
  Stretches stretches;
  for (const IpBlock& block : set.blocks) {
    if (block.cidr.cidr && block.cidr.cidr->family() == family) {
      add_stretches(block, stretches);
    }
  }
  return normalized(std::move(stretches));
}

Cidr whole(IpFamily family) {
  return family == IpFamily::ipv4 ? Cidr(IpAddress::from_ipv4(0), 0)
                                  : Cidr(IpAddress::from_ipv6({}), 0);
}

}  // namespace

std::string to_string(const AddressRange& range) {
  return to_string(range.first) + "-" + to_string(range.last);
}

bool selects(const IpBlock& block, const IpAddress& address) {
  return block.cidr.cidr && block.cidr.cidr->contains(address) &&
         std::none_of(block.except.begin(), block.except.end(), [&](const WrittenCidr& except) {
           return except.cidr && except.cidr->contains(address);
         });
}

std::vector<BlockSet> block_sets_of(const std::vector<NetworkPolicy>& policies) {
  std::vector<BlockSet> sets;
  for (const NetworkPolicy& policy : policies) {
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      for (const PolicyRule& rule : rules(policy, direction)) {
        BlockSet set;
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.ip_block) {
            set.blocks.push_back(*peer.ip_block);
          }
        }
        if (!set.blocks.empty()) {
          sets.push_back(std::move(set));
        }
      }
    }
  }
  return sets;
}

ExternalRanges partition_addresses(const std::vector<BlockSet>& sets, IpFamily family) {
  std::vector<Stretches> all;
  std::vector<IpAddress> starts = {whole(family).first()};
  for (const BlockSet& set : sets) {
    all.push_back(stretches_of(set, family));
    for (const AddressRange& stretch : all.back()) {
      starts.push_back(stretch.first);
      if (const auto after = stretch.last.next()) {
        starts.push_back(*after);
      }
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  // Stretches of a set are apart, so the set's membership changes at each of
  // its cuts: no two neighbours are alike.
  ExternalRanges result;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const bool is_last = i + 1 == starts.size();
    result.ranges.push_back(
        {starts[i], is_last ? whole(family).last() : *starts[i + 1].previous()});
  }
  const auto index_of = [&](const IpAddress& address) {
    const auto after = std::upper_bound(starts.begin(), starts.end(), address);
    return static_cast<std::uint32_t>(after - starts.begin()) - 1;
  };
  for (const Stretches& stretches : all) {
    std::vector<RangeRun>& runs = result.members.emplace_back();
    for (const AddressRange& stretch : stretches) {
      runs.push_back({index_of(stretch.first), index_of(stretch.last) + 1});
    }
  }
  return result;
}

}  // namespace nettest
