// What follows from what, whatever pods there are: selectors, peers and rules. Pure.
// Private to probes/lint.
#pragma once

#include <string>

#include "suites/network_policy.hpp"

namespace nettest {

/// Whether everything that `narrow` selects, `wide` selects too. False where that is not certain.
bool implies(const LabelSelector& narrow, const LabelSelector& wide);

/// Whether everything that rule `narrow` admits, rule `wide` admits too; both of policies in
/// `own_namespace` and of one direction. False where that is not certain.
bool implies(const PolicyRule& narrow, const PolicyRule& wide, const std::string& own_namespace);

}  // namespace nettest
