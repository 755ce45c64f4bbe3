// Policies as manifests. Pure.
#pragma once

#include <string>

#include "suites/network_policy.hpp"

namespace nettest {

/// The policy as a manifest that reads as the same policy, in one line of YAML.
std::string write_policy(const NetworkPolicy& policy);

}  // namespace nettest
