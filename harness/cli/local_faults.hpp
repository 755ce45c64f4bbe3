// The local engine with faults.
#pragma once

#include <memory>
#include <vector>

#include "harness/local/faults/fault.hpp"
#include "harness/mutation/faultable_engine.hpp"

namespace nettest {

/// Makes a local engine that commits these faults; for none it is the plain one.
std::unique_ptr<Engine> local_engine_with(const std::vector<const Fault*>& faults);

/// Makes a local engine whose faults can be changed while its world stands.
std::unique_ptr<FaultableEngine> faultable_local_engine();

}  // namespace nettest
