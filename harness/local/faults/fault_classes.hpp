// Which classes of bugs (suites/bug_class.hpp) have no faults. Pure.
#pragma once

#include <string_view>

namespace nettest {

/// Why no fault can show bugs of this class in a local world; empty: some do.
std::string_view left_out(std::string_view bug_class);

}  // namespace nettest
