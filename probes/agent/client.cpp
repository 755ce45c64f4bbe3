#include "probes/agent/client.hpp"

#include <algorithm>

namespace nettest::agent {

namespace {

// Sleeping or working this much longer than meant is what a busy machine does to everybody.
constexpr Duration kUsualDelay = std::chrono::milliseconds(5);
// So that answers are read while a big batch is being started.
constexpr int kStartsAtOnce = 64;
constexpr int kRetransmissions = 5;
constexpr int kMostSaturatedWaits = 16;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Client::Client(Poller& poller, std::size_t in_flight, Tell tell)
    : poller_(poller), in_flight_(std::max<std::size_t>(in_flight, 1)), tell_(std::move(tell)) {}

void Client::collect(Ask ask) {
  collected_.push_back(std::move(ask));
}

void Client::go(std::uint64_t batch) {
  resolver_.reset();
  wakes_.clear();
  running_.clear();
  waiting_.assign(std::make_move_iterator(collected_.begin()),
                  std::make_move_iterator(collected_.end()));
  collected_.clear();
  batch_ = batch;
  asked_ = waiting_.size();
  stretched_ = {};
  starved_ = false;
  started_ = now();
  last_wait_ended_ = started_;
  start_some();
}

void Client::start_some() {
  for (int i = 0; i < kStartsAtOnce && !waiting_.empty() && !starved_; ++i) {
    if (running_.size() >= in_flight_) {
      break;
    }
    auto ask = std::move(waiting_.front());
    waiting_.pop_front();
    start(std::move(ask));
  }
  close_batch();
}

void Client::start(Ask ask) {
  running_.push_front({});
  auto& probe = running_.front();
  probe.self = running_.begin();
  probe.ask = std::move(ask);
  probe.sent = now();
  probe.until = own_time(probe.sent) + probe.ask.timeout;
  if (probe.ask.protocol == Protocol::sctp) {
    finish(probe, {Signal::unusable, {}, "SCTP is not supported by this agent", false});
    return;
  }
  set_wake(probe, probe.until);
  if (const auto address = IpAddress::parse(probe.ask.host)) {
    connect(probe, *address);
    return;
  }
  if (!resolver_) {
    resolver_ = std::make_unique<Resolver>(poller_, probe.ask.timeout);
  }
  // The answer may come after the probe's time-out.
  probe.resolving = std::make_shared<Running*>(&probe);
  resolver_->resolve(probe.ask.host,
                     probe.ask.family,
                     [this, weak = std::weak_ptr(probe.resolving)](const Resolved& resolved) {
                       if (const auto waiting = weak.lock()) {
                         on_resolved(**waiting, resolved);
                       }
                     });
}

void Client::on_resolved(Running& probe, const Resolved& resolved) {
  probe.resolving.reset();
  if (resolved.address) {
    connect(probe, *resolved.address);
  } else {
    finish(probe, {resolved.signal, {}, resolved.detail, false});
  }
}

void Client::connect(Running& probe, const IpAddress& address) {
  probe.dial = make_dial(
      poller_, probe.ask, [this, &probe](Outcome outcome) { finish(probe, std::move(outcome)); });
  if (probe.ask.protocol == Protocol::udp) {
    set_wake(probe, std::min(probe.until, own_time(now()) + probe.ask.timeout / kRetransmissions));
  }
  probe.dial->start(address);
}

void Client::set_wake(Running& probe, TimePoint when) {
  wakes_.erase({probe.wake, &probe});
  probe.wake = when;
  wakes_.emplace(when, &probe);
}

void Client::finish(Running& probe, Outcome outcome) {
  wakes_.erase({probe.wake, &probe});
  if (outcome.exhausted && running_.size() > 1) {
    waiting_.push_front(probe.ask);
    starved_ = true;
  } else {
    const auto took = now() - probe.sent;
    tell_(Answer{probe.ask.id,
                 outcome.signal,
                 probe.sent - started_,
                 took,
                 std::move(outcome.who),
                 std::move(outcome.detail)});
    starved_ = false;
  }
  probe.resolving.reset();
  finished_.splice(finished_.end(), running_, probe.self);
}

void Client::close_batch() {
  if (batch_ && running_.empty() && waiting_.empty()) {
    tell_(Closed{*batch_, asked_});
    batch_.reset();
  }
}

TimePoint Client::next_wake(TimePoint at) {
  if (!waiting_.empty() && running_.size() < in_flight_ && !starved_) {
    return at;
  }
  const auto dns = resolver_ && batch_ ? resolver_->process_timeouts(at) : TimePoint::max();
  if (batch_ && running_.empty()) {
    return at;
  }
  return wakes_.empty() ? dns : std::min(dns, wakes_.begin()->first + stretched_);
}

void Client::stretch(Duration lost) {
  if (lost > kUsualDelay) {
    stretched_ = std::min<Duration>(stretched_ + lost, kStretch);
  }
}

void Client::after_wait(const Wait& wait) {
  if (!batch_) {
    finished_.clear();
    last_wait_ended_ = wait.ended;
    return;
  }
  stretch(wait.late);
  stretch(wait.started - last_wait_ended_);
  last_wait_ended_ = wait.ended;
  saturated_waits_ = wait.saturated ? saturated_waits_ + 1 : 0;
  if (saturated_waits_ == 0 || saturated_waits_ > kMostSaturatedWaits) {
    expire(own_time(wait.started));
  }
  finished_.clear();
  start_some();
}

// What was due when the wait began, and was not among what the wait found ready.
void Client::expire(TimePoint own_time) {
  while (!wakes_.empty() && wakes_.begin()->first <= own_time) {
    at_wake(*wakes_.begin()->second, own_time);
  }
}

void Client::at_wake(Running& probe, TimePoint own_time) {
  if (probe.until > own_time && probe.dial) {
    set_wake(probe, std::min(probe.until, own_time + probe.ask.timeout / kRetransmissions));
    probe.dial->send_again();
    return;
  }
  finish(
      probe,
      probe.dial
          ? probe.dial->at_deadline()
          : Outcome{
                Signal::dns_failed, {}, probe.ask.host + ": no answer from the DNS server", false});
}

}  // namespace nettest::agent
