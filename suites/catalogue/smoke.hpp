// The names of the cases of which builtin:smoke is made: a smallest set that shows every static
// fault (harness/local/faults). Worked out, and kept true, by tests/mutation/smoke_test.cpp. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace nettest::catalogue {

/// Each is the name of a case of the catalogue.
const std::vector<std::string_view>& smoke_names();

}  // namespace nettest::catalogue
