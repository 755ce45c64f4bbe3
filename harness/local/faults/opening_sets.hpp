// Openings as sets: what two of them have in common. Pure.
#pragma once

#include "harness/local/policy_gates.hpp"

namespace nettest {

/// What both gates let through.
Gate common(const Gate& a, const Gate& b);

}  // namespace nettest
