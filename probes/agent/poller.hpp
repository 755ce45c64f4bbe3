// The agent's event loop: epoll, and who is to be told. Edge (OS).
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace nettest::agent {

/// Somebody who owns descriptors.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  /// Tells that `descriptor` is ready; `events` are EPOLLIN, EPOLLOUT, …
  virtual void on_ready(int descriptor, std::uint32_t events) = 0;
};

/// What one wait was like; the client needs it to tell a silent network from a starved agent.
struct Wait {
  TimePoint started;
  TimePoint ended;
  /// By how much the kernel let us sleep too long.
  Duration late{};
  /// More may have been ready than was told.
  bool saturated = false;
};

/// A descriptor is watched by at most one handler.
class Poller {
 public:
  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  /// False, with errno, when the kernel refuses (EPERM: a regular file).
  bool watch(int descriptor, std::uint32_t events, Handler& handler);
  void change(int descriptor, std::uint32_t events);
  /// To be called just before it is closed (closing makes the kernel forget it).
  void forget(int descriptor);
  /// For a descriptor that stays open.
  void unwatch(int descriptor);

  /// Waits until something is ready or the time has come, and tells the handlers.
  Wait wait_until(TimePoint when);

 private:
  struct Slot {
    Handler* handler = nullptr;
    /// Tells events of this use of the number from those of an earlier one.
    std::uint32_t use = 0;
  };

  int epoll_;
  std::vector<Slot> slots_;
};

}  // namespace nettest::agent
