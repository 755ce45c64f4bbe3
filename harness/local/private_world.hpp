// Runs a function in user, network, mount, UTS, IPC and PID namespaces of its own, so that nothing
// of it survives, however it or its parent dies. Touches processes, mounts and signals.
#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace nettest {

/// Facts of the private world that the calling process runs in.
struct PrivateWorld {
  /// A folder on a tmpfs that only this world sees; empty at the start.
  std::string folder;
  /// A listening unix socket in the caller's own network namespace, for `nettest shell`.
  int listener = -1;
  /// What the world is called: the process id of the supervisor, as users see it.
  std::string run;
};

/// Runs `body` in a private world and returns its exit code; an Error of kind engine when the world
/// cannot be made or was killed. Call before any thread exists. The calling process stays outside
/// as a supervisor: it forwards SIGINT, SIGTERM and SIGHUP and waits. Whichever process of the
/// chain is killed, everything inside dies, and no file is left (they are on a private tmpfs).
/// Inside, the user is root of the world; files outside keep their owners and are written as the
/// calling user.
Result<int> run_in_private_world(const std::function<int()>& body);

/// The private world that this process runs in, or nullptr outside of one.
const PrivateWorld* private_world();

/// Gives a process that was forked inside of the private world a folder of its own in it.
Result<void> enter_private_lane(int lane);

/// The abstract name (without the leading NUL) of the socket of a world: "nettest-world-UID-RUN".
std::string world_socket_name(unsigned user, const std::string& run);

}  // namespace nettest
