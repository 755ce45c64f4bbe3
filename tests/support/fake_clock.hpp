// A clock that only moves when it is told to; sleeping moves it at once.
#pragma once

#include <functional>

#include "base/clock.hpp"

namespace nettest {

class FakeClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override {
    return WallTime(std::chrono::hours(24 * 365 * 50)) + now_.time_since_epoch();
  }
  /// Moves to `when`; false when an interrupt is pending.
  bool sleep_until(TimePoint when) override;
  void advance(Duration by) { sleep_until(now_ + by); }

  /// How often and how long it slept.
  [[nodiscard]] int sleeps() const { return sleeps_; }

 private:
  TimePoint now_{std::chrono::seconds(1000)};
  int sleeps_ = 0;
};

}  // namespace nettest
