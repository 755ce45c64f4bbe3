// The seam to time, so that settling, time-outs and reports can be tested
// without waiting.
#pragma once

#include <chrono>

namespace nettest {

using Duration = std::chrono::nanoseconds;
/// Monotonic time; deadlines are absolute points of it and are passed down.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// A source of time.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
  /// Waits until `when`; returns early, with false, when an interrupt arrives.
  virtual bool sleep_until(TimePoint when) = 0;
};

}  // namespace nettest
