#include "harness/interrupt.hpp"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace nettest {

namespace {

std::atomic<bool> interrupt_flag = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

int make_descriptor() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) {
    std::abort();
  }
  return descriptor;
}

// Made on first use and never closed: a signal handler may write to it at any
// time.
const int& descriptor() {
  static const int value = make_descriptor();
  return value;
}

void on_signal(int /*number*/) {
  raise_interrupt();
}

}  // namespace

void install_interrupt_handlers() {
  static_cast<void>(descriptor());
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) {  // nohup(1) stays in force
    sigaction(SIGHUP, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

bool interrupted() {
  return interrupt_flag.load();
}

int interrupt_descriptor() {
  return descriptor();
}

void separate_interrupts() {
  const int fresh = make_descriptor();
  if (dup3(fresh, descriptor(), O_CLOEXEC) < 0) {
    std::abort();
  }
  close(fresh);
  interrupt_flag.store(false);
}

void raise_interrupt() {
  interrupt_flag.store(true);
  const std::uint64_t one = 1;
  // A full counter means that the descriptor is readable already.
  [[maybe_unused]] const auto written = write(descriptor(), &one, sizeof(one));
}

void clear_interrupt() {
  interrupt_flag.store(false);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(descriptor(), &count, sizeof(count));
}

}  // namespace nettest
