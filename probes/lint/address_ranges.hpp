// Which addresses blocks hold, as sorted ranges. Pure. Private to probes/lint.
#pragma once

#include <vector>

#include "probes/connectivity/external_ranges.hpp"

namespace nettest {

/// What the block holds without its exceptions: sorted, disjoint.
std::vector<AddressRange> ranges_of(const IpBlock& block);

/// Everything that some of the blocks hold: sorted, disjoint, neighbours joined.
std::vector<AddressRange> ranges_of(const std::vector<const IpBlock*>& blocks);

/// Whether every address of `part` is in `whole`; both sorted and disjoint, `whole` joined.
bool contains(const std::vector<AddressRange>& whole, const std::vector<AddressRange>& part);

}  // namespace nettest
