// The version of this build, from the top-level CMakeLists.txt and git. Pure.
#pragma once

#include <string_view>

namespace nettest {

/// Says the release that this is, or leads to: "0.1.0".
std::string_view version();

/// Says what exactly was built: "0.1.0 (git 1a2b3c4d5e6f)"; the version alone outside of a git
/// checkout.
std::string_view version_description();

}  // namespace nettest
