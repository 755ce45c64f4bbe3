// The command line of nettest as a function.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/engines.hpp"

namespace nettest {

/// Runs one command line (without the program's name) and returns the exit code
/// of design section 10. Results go to stdout, the rest to stderr.
int nettest_main(const std::vector<std::string>& args, EngineFactory& engines);

}  // namespace nettest
