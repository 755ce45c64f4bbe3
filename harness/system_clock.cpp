#include "harness/system_clock.hpp"

#include <algorithm>
#include <ctime>
#include <poll.h>

#include "harness/interrupt.hpp"

namespace nettest {

namespace {

timespec to_timespec(Duration wait) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  return {static_cast<std::time_t>(seconds.count()), static_cast<long>((wait - seconds).count())};
}

}  // namespace

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

WallTime SystemClock::wall() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool SystemClock::sleep_until(TimePoint when) {
  while (!interrupted()) {
    const Duration left = when - now();
    if (left <= Duration::zero()) {
      return true;
    }
    // A year is for ever; the cap keeps time_t arithmetic safe on absurd deadlines.
    const timespec wait = to_timespec(std::min<Duration>(left, std::chrono::hours(24 * 365)));
    pollfd waker{interrupt_descriptor(), POLLIN, 0};
    ppoll(&waker, 1, &wait, nullptr);
  }
  return false;
}

}  // namespace nettest
