// The seam to an engine whose faults can be changed while its world stands.
#pragma once

#include "harness/engine.hpp"
#include "harness/local/faults/fault.hpp"

namespace nettest {

class FaultableEngine {
 public:
  FaultableEngine() = default;
  FaultableEngine(const FaultableEngine&) = delete;
  FaultableEngine& operator=(const FaultableEngine&) = delete;
  virtual ~FaultableEngine() = default;

  [[nodiscard]] virtual Engine& engine() = 0;

  /// From the next call of the engine on it commits this fault, beginning with the state as it is
  /// then; nullptr: none.
  virtual void commit(const Fault* fault) = 0;
};

}  // namespace nettest
