// Runs children to their end: one, or many at once. Edge (Boost.Process).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/reactor.hpp"

namespace nettest {

/// A child, what it gets on stdin, and how long it may take once it runs.
struct ChildRun {
  ChildSpec spec;
  std::string input = {};
  Duration limit = std::chrono::seconds(10);
};

/// Runs a child until it has exited and its output was read; at the deadline its process group is
/// killed and what it wrote so far returned (timed_out). Group members that it leaves behind are
/// killed. An Error means that it did not run (program missing, namespace refused: engine) or that
/// an interrupt ended it (interrupted).
Result<ChildResult> run_child(Reactor& reactor,
                              const ChildSpec& spec,
                              const std::string& input,
                              TimePoint deadline,
                              OnInterrupt on_interrupt = OnInterrupt::stop);

/// Children that run side by side, at most `at_once` of them at a time. Started by the constructor,
/// served by reactor.run_until; destruction kills what still runs.
class ChildBatch {
 public:
  ChildBatch(Reactor& reactor, std::vector<ChildRun> runs, std::size_t at_once = 64);
  ChildBatch(const ChildBatch&) = delete;
  ChildBatch& operator=(const ChildBatch&) = delete;
  ~ChildBatch();

  /// All have ended.
  [[nodiscard]] bool done() const;
  /// When all must have ended, limits and turns counted, with a little for the machine.
  [[nodiscard]] TimePoint deadline() const;
  /// One result per run, in order. What has not ended is killed and becomes an Error.
  std::vector<Result<ChildResult>> take();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

/// Runs them all and waits for them.
std::vector<Result<ChildResult>> run_children(Reactor& reactor,
                                              std::vector<ChildRun> runs,
                                              std::size_t at_once = 64);

}  // namespace nettest
