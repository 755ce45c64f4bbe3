// `nettest shell`: runs a command in a pod of a local world that another nettest keeps. Touches
// processes and namespaces.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace nettest {

struct ShellRequest {
  /// "namespace/pod".
  std::string pod;
  /// Which world, when several run: the process id of its nettest. Empty: the only one.
  std::string run;
  /// Empty: an interactive shell.
  std::vector<std::string> command;
};

/// Runs the command in the pod's network, files, hostname and processes, with this process's
/// terminal and working directory, and returns its exit code (128 + signal; 127 not found). Fails
/// with kind usage when there is no world, several, or no such pod. Changes this process's
/// namespaces: call it last, and before any thread exists.
Result<int> run_in_pod(const ShellRequest& request);

}  // namespace nettest
