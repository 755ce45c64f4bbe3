// The agent's stdin and stdout, line by line. Edge (OS).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "probes/agent/poller.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest::agent {

/// Reads commands and writes messages; never blocks. A reader that takes nothing for long makes the
/// channel give up rather than fill the memory.
class LineChannel : public Handler {
 public:
  struct Events {
    std::function<void(std::string_view)> on_line;
    /// A line that was too long was thrown away.
    std::function<void()> on_overlong;
  };

  LineChannel(Poller& poller, Events events);

  /// False when stdin cannot be waited for (a regular file).
  [[nodiscard]] bool open();
  void tell(const Message& message);
  /// Writes what was told; to be called once per turn of the loop.
  void flush();
  /// stdin has ended, or nobody reads stdout any more.
  [[nodiscard]] bool closed() const { return closed_; }

  void on_ready(int descriptor, std::uint32_t events) override;

 private:
  void read();
  void take_lines(std::string_view chunk);

  Poller& poller_;
  Events events_;
  std::string partial_;
  bool overlong_ = false;
  std::string out_;
  bool waiting_to_write_ = false;
  bool closed_ = false;
};

}  // namespace nettest::agent
