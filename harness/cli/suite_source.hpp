// Turns what the user names on the command line into suites that can be run.
// Touches files for reading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "suites/selection.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// Reads every source: a suite file, or builtin:NAME. All errors of all sources at
/// once.
Checked<std::vector<Suite>> load_suites(const std::vector<std::string>& sources);

/// The same, and then only the cases that were chosen by their tags.
Checked<std::vector<Suite>> load_suites(const std::vector<std::string>& sources,
                                        const Selection& selection);

/// The suite of builtin:NAME; fails (kind usage) with the names that there are.
Result<Suite> load_builtin(std::string_view name);

/// The names of all cases, in the suites' order.
std::vector<std::string> case_names(const std::vector<Suite>& suites);

/// Says whether the glob matches one of the names.
bool fits_any(const std::string& glob, const std::vector<std::string>& names);

/// Fails where a glob chooses no case of any suite.
Errors check_case_globs(const std::vector<std::string>& globs, const std::vector<Suite>& suites);

}  // namespace nettest
