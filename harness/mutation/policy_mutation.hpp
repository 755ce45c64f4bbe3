// Edits the policies of a suite one at a time, and asks whether an expectation of its author would
// notice. Pure.
#pragma once

#include "results/edits.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// Adds the edits of every policy of the suite, in the order in which they are applied, each place
/// once. The suite is without errors.
void add_edits_of(const Suite& suite, EditReport& report);

}  // namespace nettest
