// A long-lived child that is talked to line by line. Edge (Boost.Process).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/reactor.hpp"

namespace nettest {

/// What a LineChild tells; called from Reactor::run_until. Both may destroy the LineChild.
struct LineEvents {
  /// A line of stdout without its newline (and without a carriage return before it).
  std::function<void(std::string_view)> on_line;
  /// Once, when it has ended and its last line was told.
  std::function<void(const ChildEnd&)> on_end = [](const ChildEnd&) {};
};

/// A running child. Destruction kills its process group and reaps it.
class LineChild {
 public:
  static Result<LineChild> start(Reactor& reactor, const ChildSpec& spec, LineEvents events);
  LineChild(const LineChild&) = delete;
  LineChild& operator=(const LineChild&) = delete;
  LineChild(LineChild&&) noexcept;
  LineChild& operator=(LineChild&&) noexcept;
  ~LineChild();

  /// Queues text for its stdin (never blocks, nothing is lost while it lives). The text brings its
  /// newlines.
  void send(std::string text);
  /// Closes its stdin when everything queued was written.
  void close_input();
  /// Kills its process group; on_end follows.
  void kill();

  [[nodiscard]] int pid() const;
  /// How it ended, or nothing while it runs.
  [[nodiscard]] const std::optional<ChildEnd>& end() const;

  struct State;

 private:
  explicit LineChild(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace nettest
