#include "harness/lane_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "harness/interrupt.hpp"

namespace nettest {

namespace {

constexpr std::size_t kChunk = 65536;

/// Keeps signals waiting until it is destroyed.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { let_go(); }

  void let_go() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

[[noreturn]] void run_lane(Descriptor socket,
                           pid_t parent,
                           const SignalsHeld& held,
                           const std::function<void(LineChannel&)>& work) {
  // SIGTERM, so that a lane whose runner dies still cleans up.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  separate_interrupts();
  held.let_go();
  if (getppid() == parent) {
    LineChannel channel(std::move(socket));
    work(channel);
  }
  std::cout.flush();
  std::fflush(nullptr);
  _exit(0);
}

}  // namespace

bool LineChannel::send(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto count = ::send(socket_.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> LineChannel::take_line() {
  const auto end = buffer_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  searched_ = 0;
  return line;
}

std::optional<std::string> LineChannel::receive() {
  for (;;) {
    if (auto line = take_line()) {
      return line;
    }
    std::array<pollfd, 2> waiting = {
        {{socket_.get(), POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
    if (interrupted() || (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR)) {
      return std::nullopt;
    }
    if (waiting[0].revents != 0 && !fill()) {
      return std::nullopt;
    }
  }
}

bool LineChannel::fill() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  const auto got = recv(socket_.get(), buffer_.data() + before, kChunk, 0);
  buffer_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

std::vector<std::string> LineChannel::read_lines(bool& ended) {
  ended = !fill();
  std::vector<std::string> lines;
  while (auto line = take_line()) {
    lines.push_back(std::move(*line));
  }
  return lines;
}

Result<LaneProcess> start_lane(const std::function<void(LineChannel&)>& work) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorKind::engine,
                std::string("start a lane: socketpair: ") + std::strerror(errno));
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = getpid();
  // An interrupt that comes between the birth of a lane and its own flag would be lost.
  const SignalsHeld held;
  const pid_t pid = fork();
  if (pid < 0) {
    return fail(ErrorKind::engine, std::string("start a lane: fork: ") + std::strerror(errno));
  }
  if (pid == 0) {
    ours.close();
    run_lane(std::move(theirs), parent, held, work);
  }
  return LaneProcess{pid, LineChannel(std::move(ours))};
}

void interrupt_lane(const LaneProcess& lane) {
  kill(lane.pid, SIGTERM);
}

void kill_lane(const LaneProcess& lane) {
  kill(lane.pid, SIGKILL);
}

std::string reap_lane(LaneProcess& lane) {
  int status = 0;
  while (waitpid(lane.pid, &status, 0) < 0 && errno == EINTR) {
  }
  lane.pid = -1;
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return "was killed by signal " + std::to_string(number) + " (" + sigdescr_np(number) + ")";
  }
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

std::vector<bool> wait_for_lanes(std::span<LaneProcess* const> lanes,
                                 TimePoint deadline,
                                 bool ignore_interrupt) {
  constexpr int kLongestWait = 60000;
  std::vector<pollfd> waiting;
  waiting.reserve(lanes.size() + 1);
  for (const auto* lane : lanes) {
    waiting.push_back({lane->channel.descriptor(), POLLIN, 0});
  }
  if (!ignore_interrupt) {
    waiting.push_back({interrupt_descriptor(), POLLIN, 0});
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  const auto patience = std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, kLongestWait);
  std::vector<bool> ready(lanes.size(), false);
  if (poll(waiting.data(), waiting.size(), static_cast<int>(patience)) > 0) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      ready[i] = waiting[i].revents != 0;
    }
  }
  return ready;
}

}  // namespace nettest
