// Finds whom the user means by an endpoint of a query. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "probes/connectivity/walk.hpp"
#include "suites/manifests.hpp"

namespace nettest {

/// Who is meant: the pods of a workload, or one address.
struct QueryEnds {
  std::vector<WalkEnd> from;
  std::vector<WalkEnd> to;
};

/// Looks both ends up. A pod's address is that pod. Fails (kind usage) on names that nobody or
/// several have, and on two outside addresses. The inventory must outlive the ends.
Result<QueryEnds> find_ends(const std::string& from,
                            const std::string& to,
                            const Inventory& inventory);

}  // namespace nettest
