#include "probes/lint/address_ranges.hpp"

#include <algorithm>
#include <optional>

namespace nettest {

std::vector<AddressRange> ranges_of(const IpBlock& block) {
  std::vector<AddressRange> ranges;
  if (!block.cidr.cidr) {
    return ranges;
  }
  std::vector<Cidr> holes;
  for (const WrittenCidr& except : block.except) {
    if (except.cidr && block.cidr.cidr->contains(*except.cidr)) {
      holes.push_back(*except.cidr);
    }
  }
  std::sort(holes.begin(), holes.end(), [](const Cidr& a, const Cidr& b) {
    return a.first() < b.first();
  });
  std::optional<IpAddress> from = block.cidr.cidr->first();
  for (const Cidr& hole : holes) {
    if (from && *from < hole.first()) {
      ranges.push_back({*from, *hole.first().previous()});
    }
    // A hole may lie within the one before it.
    const auto after = hole.last().next();
    from = !from || !after ? std::nullopt : std::optional(std::max(*from, *after));
  }
  if (from && *from <= block.cidr.cidr->last()) {
    ranges.push_back({*from, block.cidr.cidr->last()});
  }
  return ranges;
}

std::vector<AddressRange> ranges_of(const std::vector<const IpBlock*>& blocks) {
  std::vector<AddressRange> all;
  for (const IpBlock* block : blocks) {
    const auto ranges = ranges_of(*block);
    all.insert(all.end(), ranges.begin(), ranges.end());
  }
  std::sort(all.begin(), all.end());
  std::vector<AddressRange> joined;
  for (const AddressRange& range : all) {
    const auto after = joined.empty() ? std::nullopt : joined.back().last.next();
    const bool same_family = !joined.empty() && joined.back().last.family() == range.first.family();
    if (same_family && (!after || range.first <= *after)) {
      joined.back().last = std::max(joined.back().last, range.last);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

bool contains(const std::vector<AddressRange>& whole, const std::vector<AddressRange>& part) {
  return std::all_of(part.begin(), part.end(), [&](const AddressRange& range) {
    auto above = std::upper_bound(
        whole.begin(), whole.end(), range.first, [](const IpAddress& address, const auto& other) {
          return address < other.first;
        });
    return above != whole.begin() && range.last <= (--above)->last;
  });
}

}  // namespace nettest
