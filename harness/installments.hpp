// In which parts the changes of a step are sent to an engine. Pure.
#pragma once

#include <span>
#include <vector>

#include "suites/change.hpp"

namespace nettest {

/// Divides changes so that a policy stands in a later part than what gets an address before it: the
/// policy may speak of that address, which only the engine knows. In order; nothing is lost.
std::vector<std::span<const Change>> installments_of(const std::vector<Change>& changes);

}  // namespace nettest
