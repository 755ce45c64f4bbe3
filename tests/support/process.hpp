// Runs a built binary and looks at what it did. Touches processes.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nettest {

struct Finished {
  /// The exit code, or 128 + the signal that ended it.
  int code = 0;
  std::string out;
  std::string err;
};

struct Launch {
  std::vector<std::string> args;
  /// "NAME=value" beside the environment of the test.
  std::vector<std::string> environment;
  std::string folder = ".";
  /// Opened as stdout instead of a pipe when not empty ("/dev/full").
  std::string stdout_file;
  /// Stdout is a pipe that nobody reads.
  bool closed_stdout = false;
  /// Called once when stderr contains `wait_for`, e.g. to send a signal.
  std::string wait_for;
  std::function<void(pid_t)> then;
};

/// Runs to the end; kills the process (code 137) after a minute.
Finished run_process(const Launch& launch);

}  // namespace nettest
