// Small helpers of the chain of processes that makes a private world: pipes, waiting, signals.
#pragma once

#include <csignal>
#include <string>
#include <sys/types.h>

namespace nettest {

/// A close-on-exec pipe. Copies share the descriptors; closing is explicit, because forked
/// processes close different ends.
struct Pipe {
  int reader = -1;
  int writer = -1;

  static Pipe make();
  void send(const std::string& text) const;
  /// The next byte, or 0 at the end.
  [[nodiscard]] char receive_byte() const;
  /// Everything up to the end; the writers must be gone or go.
  [[nodiscard]] std::string receive_all() const;
  void close_writer();
  void close();
};

/// Blocks SIGCHLD and the signals that supervise() forwards; returns the mask before.
sigset_t block_supervised_signals();

/// Waits for `child` and returns its wait status. Reaps every other child too (process 1 must), and
/// forwards SIGINT, SIGTERM and SIGHUP that a process sent; those of a terminal reach the child by
/// themselves. The signals must be blocked.
int supervise(pid_t child);

}  // namespace nettest
