#include "harness/process/reactor.hpp"

#include <csignal>
#include <fcntl.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/interrupt.hpp"
#include "harness/process/event_loop.hpp"

namespace nettest {

namespace {

void ignore_broken_pipes() {
  struct sigaction action {};
  if (sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
  }
}

}  // namespace

void Reactor::Loop::watch_interrupts() {
  if (watching_interrupts || !interrupts.is_open()) {
    return;
  }
  watching_interrupts = true;
  interrupts.async_wait(
      boost::asio::posix::descriptor_base::wait_read,
      [this](const boost::system::error_code& /*error*/) { watching_interrupts = false; });
}

Reactor::Reactor() : loop_(std::make_unique<Loop>()) {
  ignore_broken_pipes();
  boost::system::error_code error;
  const int copy = fcntl(interrupt_descriptor(), F_DUPFD_CLOEXEC, 3);
  loop_->interrupts.assign(copy, error);
}

Reactor::~Reactor() = default;

RunEnd Reactor::run_until(const std::function<bool()>& condition,
                          TimePoint deadline,
                          OnInterrupt on_interrupt) {
  // What is ready when the deadline has passed is still served, but not without end.
  int after_deadline = 4096;
  while (!condition()) {
    if (on_interrupt == OnInterrupt::stop) {
      if (interrupted()) {
        return RunEnd::interrupt;
      }
      loop_->watch_interrupts();
    }
    if (loop_->io.run_one_until(deadline) > 0) {
      continue;
    }
    if (after_deadline-- == 0 || loop_->io.poll_one() == 0) {
      return condition() ? RunEnd::condition : RunEnd::deadline;
    }
  }
  return RunEnd::condition;
}

void Reactor::wake() {
  boost::asio::post(loop_->io, [] {});
}

void Reactor::wake_at(TimePoint when) {
  auto timer = std::make_shared<boost::asio::steady_timer>(loop_->io, when);
  timer->async_wait([timer](const boost::system::error_code& /*error*/) {});
}

}  // namespace nettest
