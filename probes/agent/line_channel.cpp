#include "probes/agent/line_channel.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace nettest::agent {

namespace {

constexpr std::size_t kMostUnread = std::size_t{64} << 20U;

void set_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

LineChannel::LineChannel(Poller& poller, Events events)
    : poller_(poller), events_(std::move(events)) {}

bool LineChannel::open() {
  set_nonblocking(STDIN_FILENO);
  set_nonblocking(STDOUT_FILENO);
  return poller_.watch(STDIN_FILENO, EPOLLIN, *this);
}

void LineChannel::tell(const Message& message) {
  append(out_, message);
  if (out_.size() > kMostUnread) {
    closed_ = true;
  }
}

void LineChannel::flush() {
  while (!out_.empty() && !waiting_to_write_) {
    const auto written = ::write(STDOUT_FILENO, out_.data(), out_.size());
    if (written > 0) {
      out_.erase(0, static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      waiting_to_write_ = poller_.watch(STDOUT_FILENO, EPOLLOUT, *this);
      return;
    } else if (errno != EINTR) {
      closed_ = true;
      return;
    }
  }
}

void LineChannel::on_ready(int descriptor, std::uint32_t /*events*/) {
  if (descriptor == STDOUT_FILENO) {
    poller_.unwatch(STDOUT_FILENO);
    waiting_to_write_ = false;
    flush();
    return;
  }
  read();
}

void LineChannel::read() {
  std::array<char, 65536> buffer;  // NOLINT: read fills it
  const auto got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got > 0) {
    take_lines({buffer.data(), static_cast<std::size_t>(got)});
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    closed_ = true;
  }
}

void LineChannel::take_lines(std::string_view chunk) {
  while (!chunk.empty()) {
    const auto newline = chunk.find('\n');
    const auto piece = chunk.substr(0, newline);
    overlong_ = overlong_ || partial_.size() + piece.size() >= kLineLimit;
    if (overlong_) {
      partial_.clear();
    } else {
      partial_.append(piece);
    }
    if (newline == std::string_view::npos) {
      return;
    }
    chunk.remove_prefix(newline + 1);
    if (!partial_.empty() && partial_.back() == '\r') {
      partial_.pop_back();
    }
    if (overlong_) {
      events_.on_overlong();
    } else if (!partial_.empty()) {
      events_.on_line(partial_);
    }
    partial_.clear();
    overlong_ = false;
  }
}

}  // namespace nettest::agent
