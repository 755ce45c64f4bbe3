#include "tests/support/fake_clock.hpp"

#include <algorithm>

#include "harness/interrupt.hpp"

namespace nettest {

bool FakeClock::sleep_until(TimePoint when) {
  ++sleeps_;
  if (interrupted()) {
    return false;
  }
  now_ = std::max(now_, when);
  return true;
}

}  // namespace nettest
