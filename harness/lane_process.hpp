// A lane as a process of its own, and the lines that it and the runner send each other. Touches
// processes and sockets.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// One end of a two-way stream of lines.
class LineChannel {
 public:
  explicit LineChannel(Descriptor socket) : socket_(std::move(socket)) {}

  /// Sends the line and its end; false when nobody is there any more.
  bool send(std::string_view line);

  /// Waits for the next line; nothing when the other side has ended, or on an interrupt.
  std::optional<std::string> receive();

  /// Reads once what has come and returns the lines that are whole; `ended` tells of the end.
  std::vector<std::string> read_lines(bool& ended);

  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  std::optional<std::string> take_line();
  /// Reads once into the buffer; false at the end of the stream.
  bool fill();

  Descriptor socket_;
  std::string buffer_;
  std::size_t searched_ = 0;
};

/// A lane that was started; owned by the runner, which reaps it.
struct LaneProcess {
  pid_t pid = -1;
  LineChannel channel;
};

/// Starts a process that does `work` and ends; it ends with this process, too. An interrupt of the
/// one is none of the other. Call before any thread exists.
Result<LaneProcess> start_lane(const std::function<void(LineChannel&)>& work);

/// Asks a lane to stop, as Ctrl-C would, or kills it.
void interrupt_lane(const LaneProcess& lane);
void kill_lane(const LaneProcess& lane);

/// Waits for the end of a lane whose channel has ended, and says how it went: "was killed by
/// signal 9 (Killed)", "ended with exit code 3".
std::string reap_lane(LaneProcess& lane);

/// Waits until one of the channels can be read, an interrupt comes (unless `ignore_interrupt`), or
/// the deadline passes. Returns which can be read.
std::vector<bool> wait_for_lanes(std::span<LaneProcess* const> lanes,
                                 TimePoint deadline,
                                 bool ignore_interrupt);

}  // namespace nettest
