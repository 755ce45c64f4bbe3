// The one event loop of a thread: children, their pipes and their deadlines. Edge (Boost.Asio).
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"

namespace nettest {

/// What run_until does about an interrupt (harness/interrupt.hpp). `ignore` is for cleaning up.
enum class OnInterrupt { stop, ignore };

/// Why run_until came back.
enum class RunEnd { condition, deadline, interrupt };

/// An event loop. Everything on it is called from within run_until, in the thread that calls it.
/// Children die with the thread that started them, so that thread must live as long as they do.
/// Must outlive everything that was started on it.
class Reactor {
 public:
  /// Also ignores SIGPIPE in this process, if nobody set it: a child that dies must not kill us.
  Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  /// Serves events until `condition` holds (asked after each event), the deadline passes (what is
  /// ready by then is served first), or an interrupt comes.
  RunEnd run_until(const std::function<bool()>& condition,
                   TimePoint deadline,
                   OnInterrupt on_interrupt = OnInterrupt::stop);

  /// Makes the running run_until ask its condition again. From any thread.
  void wake();
  /// The same at a later time, for conditions that depend on the time. From this thread only.
  void wake_at(TimePoint when);

  /// For the files of this folder (harness/process/event_loop.hpp).
  struct Loop;
  [[nodiscard]] Loop& loop() const { return *loop_; }

 private:
  std::unique_ptr<Loop> loop_;
};

}  // namespace nettest
