// The session with one agent, from its start to its trouble; for the files of this folder only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/agents/agent_pool.hpp"
#include "harness/process/line_child.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest {

/// Once in trouble it stays so until start(): the agent is killed and nothing more is told.
class AgentSession {
 public:
  /// Returns false for an answer to an earlier batch.
  using OnAnswer = std::function<bool(AgentSession&, agent::Answer)>;

  AgentSession(AgentSetup setup, OnAnswer on_answer);

  /// Starts the agent and sends what it has to serve.
  void start(Reactor& reactor);
  /// Sends a batch; `lines` are the encoded probes.
  void ask(std::string lines, std::size_t count, std::uint64_t batch);
  /// Gives up on it, for a reason.
  void give_up(std::string reason);

  [[nodiscard]] const PodId& pod() const { return setup_.pod; }
  /// Serves all its ports.
  [[nodiscard]] bool ready() const { return trouble_.empty() && greeted_ && unserved_ == 0; }
  /// "agent of default/web: ended with exit code 1"; empty when there is none.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// A batch was asked and its closing line has not come.
  [[nodiscard]] bool busy() const { return batch_.has_value() && trouble_.empty(); }
  [[nodiscard]] TimePoint asked_at() const { return asked_at_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

 private:
  void on_line(std::string_view line);
  void hear(const agent::Hello& message);
  void hear(const agent::Serving& message);
  void hear(const agent::Stopped& message);
  void hear(const agent::Failure& message);
  void hear(agent::Answer& message);
  void hear(const agent::Closed& message);

  AgentSetup setup_;
  OnAnswer on_answer_;
  std::optional<LineChild> child_;
  bool greeted_ = false;
  std::size_t unserved_ = 0;
  std::size_t in_flight_ = 1;
  std::optional<std::uint64_t> batch_;
  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  TimePoint asked_at_;
  std::string trouble_;
};

}  // namespace nettest
