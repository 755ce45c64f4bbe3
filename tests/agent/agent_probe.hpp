// Drives one agent process by hand, line by line.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/process/descriptor.hpp"
#include "harness/process/line_child.hpp"
#include "harness/process/reactor.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest {

inline TimePoint in(Duration time) {
  return std::chrono::steady_clock::now() + time;
}

/// The agent as a child; under a sanitizer preset its sanitized variant.
ChildSpec agent_command();

class AgentUnderTest {
 public:
  explicit AgentUnderTest(const ChildSpec& spec = agent_command());

  void send(const std::string& text) { child_->send(text); }
  void send(const agent::Command& command);
  /// Serves and waits for the word that it does.
  void serve(Protocol protocol, Port port, Serve serve = Serve::plain);
  /// Asks and returns the answers by id. Fails the test unless the batch is closed in time.
  std::map<std::uint64_t, agent::Answer> ask(std::vector<agent::Ask> asks,
                                             Duration limit = std::chrono::seconds(20));
  /// Waits until it has said a line that starts so.
  bool hears(const std::string& start, Duration limit = std::chrono::seconds(20));
  bool wait(const std::function<bool()>& condition, Duration limit = std::chrono::seconds(20));

  Reactor reactor;
  std::vector<std::string> lines;
  std::optional<ChildEnd> end;
  std::optional<LineChild>& child() { return child_; }

 private:
  std::optional<LineChild> child_;
  std::uint64_t batch_ = 0;
};

agent::Ask tcp(const std::string& host, Port port, Duration timeout = std::chrono::seconds(5));
agent::Ask udp(const std::string& host, Port port, Duration timeout = std::chrono::seconds(5));
agent::Ask http(const std::string& host, Port port, Duration timeout = std::chrono::seconds(5));

}  // namespace nettest
