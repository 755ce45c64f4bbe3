// Turns what `--known` names into lists of known deviations. Touches files for reading.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "suites/known.hpp"

namespace nettest {

/// The lists that ship with nettest, by name, sorted.
std::vector<std::string> known_profiles();

/// Reads every source: a file, or builtin:NAME. All errors of all sources at once.
Checked<std::vector<KnownDeviation>> load_known(const std::vector<std::string>& sources);

/// Says which entries fit none of the suites' cases, chosen for this run or not: misspelt, or of a
/// case that is gone. Entries of the lists that ship may: they are about the conformance catalogue.
std::vector<std::string> known_misfits(const std::vector<KnownDeviation>& known,
                                       const std::vector<std::string>& case_names);

}  // namespace nettest
