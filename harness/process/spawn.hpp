// Starts one child with three pipes and tells when it ends; for the files of this folder only.
// Edge: the one place that includes Boost.Process.
#pragma once

#include <functional>
#include <memory>

#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/descriptor.hpp"
#include "harness/process/reactor.hpp"

namespace nettest {

/// A child that was started. Destruction kills its group and reaps it.
class Process {
 public:
  struct State;
  explicit Process(std::shared_ptr<State> state);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  [[nodiscard]] int pid() const;
  /// Sends SIGKILL to the group (to the process alone, if it shares ours).
  void kill_group() const;
  /// Calls back once when it has ended; at that time it has been reaped, and what it left behind of
  /// its group has been killed.
  void on_exit(std::function<void(ChildEnd)> callback) const;

 private:
  std::shared_ptr<State> state_;
};

/// A child and our (non-blocking, close-on-exec) ends of its pipes.
struct Spawned {
  Process process;
  Descriptor input;
  Descriptor output;
  Descriptor errors;
};

/// Starts it; returns when the program runs, or why it doesn't.
Result<Spawned> spawn(const Reactor& reactor, const ChildSpec& spec);

}  // namespace nettest
