// The entries of a YAML map: duplicates refused, merge keys expanded. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "suites/document.hpp"

namespace nettest {

/// Is told what is wrong, and at which node.
using NodeComplaint = std::function<void(std::string message, const Node& at)>;

/// Pairs up `children` (key, value, key, value, ...). The first of equal keys stays; the
/// entries of `<<` stand behind those that are written, the first of equal ones again.
std::vector<MapEntry> map_entries(std::span<const Node* const> children,
                                  const NodeComplaint& complain);

}  // namespace nettest
