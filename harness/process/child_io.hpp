// One child with its pipes on the event loop: what run_child and LineChild share. For the files of
// this folder only.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/error.hpp"
#include "harness/process/child.hpp"
#include "harness/process/spawn.hpp"

namespace nettest {

/// What a child does; called from Reactor::run_until. Chunks are as read, of any size.
struct ChildEvents {
  std::function<void(std::string_view)> on_output;
  std::function<void(std::string_view)> on_errors = [](std::string_view) {};
  /// Once, after the last chunk. Not after abandon().
  std::function<void(const ChildEnd&)> on_end;
};

/// Keeps itself alive while anything is under way; abandon() stops all of it at once.
class ChildIo : public std::enable_shared_from_this<ChildIo> {
 public:
  static Result<std::shared_ptr<ChildIo>> start(Reactor& reactor,
                                                const ChildSpec& spec,
                                                ChildEvents events);
  ChildIo(Reactor& reactor, Spawned spawned, ChildEvents events);

  void write(std::string text);
  void close_input();
  /// Kills the group; on_end follows.
  void kill();
  /// Kills the group, reaps, closes the pipes; no event follows.
  void abandon();
  [[nodiscard]] int pid() const { return pid_; }

 private:
  using Stream = boost::asio::posix::stream_descriptor;

  void begin();
  void read_on(Stream& stream, bool is_output);
  bool read_once(Stream& stream, bool is_output);
  void drain(Stream& stream, bool is_output);
  void deliver(std::string_view chunk, bool is_output);
  void write_on();
  void on_exit(ChildEnd end);

  std::optional<Process> process_;
  int pid_;
  Stream input_;
  Stream output_;
  Stream errors_;
  ChildEvents events_;
  std::deque<std::string> queue_;
  std::size_t written_ = 0;
  bool writing_ = false;
  bool close_when_written_ = false;
  bool over_ = false;
  std::string last_errors_;
};

}  // namespace nettest
