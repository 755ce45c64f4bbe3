// The suites that are built in: the conformance catalogue and parts of it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/suite.hpp"

namespace nettest {

/// "conformance", "cyclonus", "upstream-e2e", "smoke".
std::vector<std::string> builtin_names();

/// The suite of that name, or nothing.
std::optional<Suite> builtin_suite(std::string_view name);

/// The first part of a case's name: "peers" of "peers/ingress/none".
std::string_view family_of(const Case& value);

struct FamilyCount {
  std::string family;
  std::size_t cases = 0;
  std::size_t steps = 0;
};

/// How many cases and steps each family has, in the order of the suite.
std::vector<FamilyCount> count_families(const Suite& suite);

}  // namespace nettest
