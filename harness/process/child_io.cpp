#include "harness/process/child_io.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>
#include <utility>

#include "harness/process/event_loop.hpp"

namespace nettest {

namespace {

using boost::asio::posix::descriptor_base;
using boost::system::error_code;

constexpr std::size_t kChunk = 65536;
constexpr std::size_t kKeptErrors = 2048;
// A pipe holds at most 1 MiB; more means that somebody else keeps writing into it.
constexpr int kDrainedChunks = 32;

// Keeps the end of what was written to stderr.
void keep_tail(std::string& tail, std::string_view chunk) {
  tail.append(chunk);
  if (tail.size() > kKeptErrors) {
    tail.erase(0, tail.size() - kKeptErrors);
  }
}

std::string without_final_newlines(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

void assign(boost::asio::posix::stream_descriptor& stream, Descriptor descriptor) {
  error_code error;
  const int number = descriptor.release();
  stream.assign(number, error);
  if (error) {
    ::close(number);
  }
}

void close(boost::asio::posix::stream_descriptor& stream) {
  error_code ignored;
  stream.close(ignored);
}

}  // namespace

Result<std::shared_ptr<ChildIo>> ChildIo::start(Reactor& reactor,
                                                const ChildSpec& spec,
                                                ChildEvents events) {
  auto spawned = spawn(reactor, spec);
  if (!spawned) {
    return tl::unexpected(spawned.error());
  }
  auto child = std::make_shared<ChildIo>(reactor, std::move(*spawned), std::move(events));
  child->begin();
  return child;
}

ChildIo::ChildIo(Reactor& reactor, Spawned spawned, ChildEvents events)
    : process_(std::move(spawned.process)),
      pid_(process_->pid()),
      input_(reactor.loop().io),
      output_(reactor.loop().io),
      errors_(reactor.loop().io),
      events_(std::move(events)) {
  assign(input_, std::move(spawned.input));
  assign(output_, std::move(spawned.output));
  assign(errors_, std::move(spawned.errors));
}

void ChildIo::begin() {
  process_->on_exit([self = weak_from_this()](ChildEnd end) {
    if (const auto child = self.lock()) {
      child->on_exit(std::move(end));
    }
  });
  read_on(output_, true);
  read_on(errors_, false);
}

void ChildIo::deliver(std::string_view chunk, bool is_output) {
  if (is_output) {
    events_.on_output(chunk);
    return;
  }
  keep_tail(last_errors_, chunk);
  events_.on_errors(chunk);
}

// False when nothing more can be read now; the stream is closed at its end.
bool ChildIo::read_once(Stream& stream, bool is_output) {
  std::array<char, kChunk> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  const auto got = ::read(stream.native_handle(), buffer.data(), buffer.size());
  if (got > 0) {
    deliver({buffer.data(), static_cast<std::size_t>(got)}, is_output);
    return !over_ && stream.is_open();
  }
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    close(stream);
  }
  return false;
}

// Waits for readiness and reads itself: so no chunk is ever under way when the exit is told.
void ChildIo::read_on(Stream& stream, bool is_output) {
  stream.async_wait(descriptor_base::wait_read,
                    [self = shared_from_this(), &stream, is_output](const error_code& error) {
                      if (error || self->over_ || !stream.is_open()) {
                        return;
                      }
                      self->read_once(stream, is_output);
                      if (!self->over_ && stream.is_open()) {
                        self->read_on(stream, is_output);
                      }
                    });
}

void ChildIo::drain(Stream& stream, bool is_output) {
  int chunks = kDrainedChunks;
  while (!over_ && stream.is_open() && chunks-- > 0 && read_once(stream, is_output)) {
  }
  close(stream);
}

void ChildIo::on_exit(ChildEnd end) {
  const auto self = shared_from_this();
  drain(errors_, false);
  drain(output_, true);
  if (over_) {
    return;
  }
  over_ = true;
  close(input_);
  process_.reset();
  if (end.how != ChildEnd::How::lost) {
    end.last_errors = without_final_newlines(std::move(last_errors_));
  }
  const auto events = std::move(events_);
  events.on_end(end);
}

void ChildIo::write(std::string text) {
  if (over_ || close_when_written_ || text.empty()) {
    return;
  }
  queue_.push_back(std::move(text));
  if (!writing_) {
    write_on();
  }
}

void ChildIo::write_on() {
  writing_ = false;
  while (!queue_.empty() && input_.is_open()) {
    const auto& text = queue_.front();
    const auto sent =
        ::write(input_.native_handle(), text.data() + written_, text.size() - written_);
    if (sent < 0 && errno == EAGAIN) {
      writing_ = true;
      input_.async_wait(descriptor_base::wait_write,
                        [self = shared_from_this()](const error_code& error) {
                          if (!error && !self->over_) {
                            self->write_on();
                          }
                        });
      return;
    }
    if (sent < 0 && errno != EINTR) {
      // It closed its stdin or died; its end tells.
      close(input_);
      break;
    }
    written_ += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    if (written_ == text.size()) {
      queue_.pop_front();
      written_ = 0;
    }
  }
  if (!input_.is_open()) {
    queue_.clear();
  } else if (close_when_written_) {
    close(input_);
  }
}

void ChildIo::close_input() {
  close_when_written_ = true;
  if (!writing_) {
    close(input_);
  }
}

void ChildIo::kill() {
  if (process_) {
    process_->kill_group();
  }
}

void ChildIo::abandon() {
  over_ = true;
  process_.reset();
  close(input_);
  close(output_);
  close(errors_);
  queue_.clear();
}

}  // namespace nettest
