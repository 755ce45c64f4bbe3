// Lets `nettest shell` into the pods of this world. Touches sockets; runs a thread.
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "harness/local/namespaces.hpp"
#include "harness/local/topology.hpp"

namespace nettest {

/// Answers on the world's socket (PrivateWorld::listener): a message with "namespace/pod" gets "ok"
/// with the descriptors of the namespaces user, network, UTS, mount and PID, in this order; an
/// empty one gets the names of all pods; what is wrong is answered in words. Only the user who owns
/// the world is answered.
class ShellServer {
 public:
  /// `topology` outlives this; whoever changes it holds guard().
  ShellServer(int listener, const Topology& topology);
  ShellServer(const ShellServer&) = delete;
  ShellServer& operator=(const ShellServer&) = delete;
  ~ShellServer();

  [[nodiscard]] std::mutex& guard() { return guard_; }

 private:
  void serve();
  void answer(int client);

  int listener_;
  const Topology& topology_;
  std::mutex guard_;
  Descriptor user_;
  Descriptor processes_;
  Descriptor stop_;
  std::thread thread_;
};

}  // namespace nettest
