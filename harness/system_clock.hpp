// The clock of the real world. Touches the system's clocks; its waits end early
// on an interrupt (harness/interrupt.hpp).
#pragma once

#include "base/clock.hpp"

namespace nettest {

class SystemClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] WallTime wall() const override;
  bool sleep_until(TimePoint when) override;
};

}  // namespace nettest
