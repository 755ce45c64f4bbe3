// The names of the most telling cases, of which builtin:smoke is made. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace nettest::catalogue {

/// Each is the name of a case of the catalogue.
const std::vector<std::string_view>& smoke_names();

}  // namespace nettest::catalogue
