// Asks probes of a local engine so that a busy machine changes no answer.
#pragma once

#include <vector>

#include "harness/local/local_engine.hpp"
#include "probes/prediction.hpp"

namespace nettest {

/// One round; whoever was expected and not heard is asked again, with patience.
std::vector<Attempt> ask_patiently(LocalEngine& engine,
                                   const std::vector<Probe>& probes,
                                   const std::vector<Verdict>& expected);

}  // namespace nettest
