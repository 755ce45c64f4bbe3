// Talks to the agents of many pods at once. A shell over LineChild and the agent's protocol.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/reactor.hpp"
#include "probes/attempt.hpp"
#include "suites/world.hpp"

namespace nettest {

/// How the agent of a pod is started, and what it serves.
struct AgentSetup {
  PodId pod;
  /// Runs the agent in the pod; its stdin and stdout are the session. Kept for starting it anew.
  ChildSpec command;
  std::vector<ContainerPort> ports;
};

/// A question for the agent of `from`.
struct AgentQuestion {
  PodId from;
  Protocol protocol = Protocol::tcp;
  IpFamily family = IpFamily::ipv4;
  /// An address, or a name that the pod resolves.
  std::string host;
  Port port = 0;
  Serve serve = Serve::plain;
  /// The Host header of an HTTP question; empty: `host`.
  std::string http_host = {};
  Duration timeout = std::chrono::milliseconds(250);
  /// The pods that may answer; anybody else is wrong_backend. Empty: whoever answers will do.
  std::vector<PodId> expected = {};
};

/// What a busy machine may take.
struct AgentPatience {
  /// Beyond the time-outs, before an agent counts as silent.
  Duration silence = std::chrono::seconds(2);
  /// For an agent that failed to be started anew and serve its ports.
  Duration restart = std::chrono::seconds(5);
};

/// One agent per pod. All calls from the thread that runs the reactor.
///
/// What nobody can judge is `unusable`, with the reason: the asking agent is dead, silent, or says
/// what nobody understands; or nobody got through and an agent that should have answered was not
/// there to do so. An agent that failed is started anew before the next round.
class AgentPool {
 public:
  explicit AgentPool(Reactor& reactor, AgentPatience patience = {});
  AgentPool(const AgentPool&) = delete;
  AgentPool& operator=(const AgentPool&) = delete;
  ~AgentPool();

  /// Starts agents side by side and waits until each serves its ports (SCTP ports are left out);
  /// the agent that a pod had before is ended. An Error names the pod and what is wrong ("agent of
  /// default/web: serve TCP 80: Address already in use"); none of these is kept then.
  Result<void> add(std::vector<AgentSetup> setups, TimePoint deadline);
  /// Ends the agent of a pod (which need not exist).
  void remove(const PodId& pod);
  [[nodiscard]] bool has(const PodId& pod) const;

  /// Asks all, as many at once as the machine can answer: one attempt per question, in order. An
  /// interrupt ends it early; what was not answered is then unusable.
  std::vector<Attempt> ask(std::vector<AgentQuestion> questions);

  /// `ask` in pieces, for asking beside other work on the same reactor. One round at a time.
  void begin(std::vector<AgentQuestion> questions);
  [[nodiscard]] bool done();
  /// When the round ends whatever the agents do.
  [[nodiscard]] TimePoint deadline() const;
  std::vector<Attempt> take();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace nettest
