// Sets of groups (or pods) as compressed bit sets. Pure.
#pragma once

#include <cstdint>
#include <roaring/roaring.hh>

/// From CRoaring 0.3 on its class lives here; before, in the global namespace.
namespace roaring {}

namespace nettest {

namespace detail {
using namespace ::roaring;  // NOLINT(google-build-using-namespace)
using Bits = Roaring;
}  // namespace detail

/// A set of indices. Roaring, because most sets of a cluster are small next to
/// the cluster (the pods of one namespace with one label), a few are nearly
/// everything, and both shrink to arrays and runs.
using GroupSet = detail::Bits;

/// Calls `visit(index)` for every member, ascending.
template <typename Visit>
void for_each(const GroupSet& set, Visit visit) {
  for (const std::uint32_t index : set) {
    visit(index);
  }
}

}  // namespace nettest
