#include "harness/local/supervise.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nettest {

namespace {

sigset_t supervised_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&set, number);
  }
  return set;
}

/// Reaps all that have ended; says whether `child` was among them.
bool reap(pid_t child, int& status) {
  bool ended = false;
  for (;;) {
    int one = 0;
    const pid_t pid = waitpid(-1, &one, WNOHANG);
    if (pid <= 0) {
      return ended;
    }
    if (pid == child) {
      status = one;
      ended = true;
    }
  }
}

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) {
    ::close(descriptor);
    descriptor = -1;
  }
}

}  // namespace

Pipe Pipe::make() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    std::abort();
  }
  return {ends[0], ends[1]};
}

void Pipe::send(const std::string& text) const {
  // A reader that is gone no longer cares.
  [[maybe_unused]] const auto written = write(writer, text.data(), text.size());
}

char Pipe::receive_byte() const {
  char byte = 0;
  while (read(reader, &byte, 1) < 0 && errno == EINTR) {
  }
  return byte;
}

std::string Pipe::receive_all() const {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto got = read(reader, buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

void Pipe::close_writer() {
  close_descriptor(writer);
}

void Pipe::close() {
  close_descriptor(reader);
  close_descriptor(writer);
}

sigset_t block_supervised_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  // An inherited SIG_IGN would take away the status of our children.
  sigaction(SIGCHLD, &action, nullptr);
  const sigset_t set = supervised_signals();
  sigset_t before{};
  sigprocmask(SIG_BLOCK, &set, &before);
  return before;
}

int supervise(pid_t child) {
  const sigset_t set = supervised_signals();
  int status = 0;
  while (!reap(child, status)) {
    siginfo_t info{};
    const int number = sigwaitinfo(&set, &info);
    if (number > 0 && number != SIGCHLD && info.si_code != SI_KERNEL) {
      kill(child, number);
    }
  }
  return status;
}

}  // namespace nettest
