#include "probes/agent/poller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <sys/epoll.h>
#include <unistd.h>

namespace nettest::agent {

namespace {

constexpr int kUseShift = 32;
constexpr std::size_t kEventsAtOnce = 256;
constexpr Duration kLongestWait = std::chrono::seconds(60);

int milliseconds_until(TimePoint now, TimePoint when) {
  if (when <= now) {
    return 0;
  }
  const auto wait = std::min<Duration>(when - now, kLongestWait);
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    std::abort();
  }
}

Poller::~Poller() {
  ::close(epoll_);
}

bool Poller::watch(int descriptor, std::uint32_t events, Handler& handler) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= slots_.size()) {
    slots_.resize(std::max(index + 1, slots_.size() * 2));
  }
  auto& slot = slots_[index];
  ++slot.use;
  slot.handler = &handler;
  epoll_event event{};
  event.events = events;
  event.data.u64 = std::uint64_t{slot.use} << kUseShift | static_cast<std::uint32_t>(descriptor);
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    slot.handler = nullptr;
    return false;
  }
  return true;
}

void Poller::change(int descriptor, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = std::uint64_t{slots_[static_cast<std::size_t>(descriptor)].use} << kUseShift |
                   static_cast<std::uint32_t>(descriptor);
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void Poller::forget(int descriptor) {
  slots_[static_cast<std::size_t>(descriptor)].handler = nullptr;
}

void Poller::unwatch(int descriptor) {
  forget(descriptor);
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

Wait Poller::wait_until(TimePoint when) {
  std::array<epoll_event, kEventsAtOnce> events;  // NOLINT: the kernel fills it
  Wait wait;
  wait.started = std::chrono::steady_clock::now();
  const int timeout = milliseconds_until(wait.started, when);
  const int ready = ::epoll_wait(epoll_, events.data(), kEventsAtOnce, timeout);
  wait.ended = std::chrono::steady_clock::now();
  wait.late = std::max<Duration>(wait.ended - wait.started - std::chrono::milliseconds(timeout),
                                 Duration::zero());
  wait.saturated = ready == static_cast<int>(kEventsAtOnce) || (ready < 0 && errno == EINTR);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(ready, 0)); ++i) {
    const auto& event = events.at(i);
    const auto descriptor = static_cast<std::uint32_t>(event.data.u64);
    const auto& slot = slots_[descriptor];
    if (slot.handler != nullptr && slot.use == event.data.u64 >> kUseShift) {
      slot.handler->on_ready(static_cast<int>(descriptor), event.events);
    }
  }
  return wait;
}

}  // namespace nettest::agent
