// Outside addresses as the largest ranges that policies can tell apart. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

/// Addresses of one family from `first` to `last`, both included.
struct AddressRange {
  IpAddress first;
  IpAddress last;

  auto operator<=>(const AddressRange&) const = default;
};

/// Formats as "10.0.0.0-10.255.255.255"; a single address is "a-a".
std::string to_string(const AddressRange& range);

/// The addresses that the ipBlocks of one rule select together.
struct BlockSet {
  std::vector<IpBlock> blocks;
};

/// The block sets of every rule of the policies that has some.
std::vector<BlockSet> block_sets_of(const std::vector<NetworkPolicy>& policies);

/// Neighbouring ranges, as indices: `begin` included, `end` not.
struct RangeRun {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The partition of a family's addresses by some block sets.
struct ExternalRanges {
  std::vector<AddressRange> ranges;
  /// For each block set, the ranges in it, ascending.
  std::vector<std::vector<RangeRun>> members;
};

/// Cuts all addresses of `family` where a block set begins or ends; neighbours
/// that are in the same sets are one range.
ExternalRanges partition_addresses(const std::vector<BlockSet>& sets, IpFamily family);

/// Says whether the block holds the address: in the CIDR and in no exception.
bool selects(const IpBlock& block, const IpAddress& address);

}  // namespace nettest
