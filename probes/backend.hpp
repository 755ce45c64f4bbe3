// Holds who answered against who should have. Pure. Every client judges alike.
#pragma once

#include <vector>

#include "probes/attempt.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Turns `connected` into `wrong_backend` when `answered_by` is none of `expected`; an empty list
/// expects nobody in particular. Other signals stay as they are.
void judge_backend(Attempt& attempt, const std::vector<PodId>& expected);

}  // namespace nettest
