// Asks batches of probes and keeps their time. Edge (sockets, through Dial and Resolver).
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "probes/agent/dial.hpp"
#include "probes/agent/poller.hpp"
#include "probes/agent/protocol.hpp"
#include "probes/agent/resolver.hpp"

namespace nettest::agent {

/// "No answer" is believed only when a wait that began after the time-out found nothing; and what
/// the machine kept this process from running is added to the time-outs (at most kStretch a batch),
/// so that a busy machine does not look like a blocked path.
class Client {
 public:
  using Tell = std::function<void(const Message&)>;

  /// Keeps at most `in_flight` probes under way.
  Client(Poller& poller, std::size_t in_flight, Tell tell);

  void collect(Ask ask);
  /// Starts what was collected; drops the batch that runs.
  void go(std::uint64_t batch);

  [[nodiscard]] TimePoint next_wake(TimePoint now);
  /// To be called after every wait.
  void after_wait(const Wait& wait);

 private:
  struct Running {
    Ask ask;
    TimePoint sent;
    /// Of this client's own time, which stands still while the process is kept from running.
    TimePoint until;
    TimePoint wake;
    std::unique_ptr<Dial> dial;
    /// Points back here while a name is being resolved.
    std::shared_ptr<Running*> resolving;
    std::list<Running>::iterator self;
  };

  void start_some();
  void start(Ask ask);
  void on_resolved(Running& probe, const Resolved& resolved);
  void connect(Running& probe, const IpAddress& address);
  void set_wake(Running& probe, TimePoint when);
  void expire(TimePoint own_time);
  void at_wake(Running& probe, TimePoint own_time);
  void finish(Running& probe, Outcome outcome);
  void close_batch();
  [[nodiscard]] TimePoint own_time(TimePoint now) const { return now - stretched_; }
  void stretch(Duration lost);

  Poller& poller_;
  std::size_t in_flight_;
  Tell tell_;
  std::vector<Ask> collected_;
  std::optional<std::uint64_t> batch_;
  TimePoint started_;
  std::uint64_t asked_ = 0;
  std::deque<Ask> waiting_;
  std::list<Running> running_;
  std::set<std::pair<TimePoint, Running*>> wakes_;
  /// Finished ones, kept until nobody calls from within them any more.
  std::list<Running> finished_;
  std::unique_ptr<Resolver> resolver_;
  Duration stretched_{};
  TimePoint last_wait_ended_;
  int saturated_waits_ = 0;
  /// A lack of resources: wait for a probe to end before the next is started.
  bool starved_ = false;
};

}  // namespace nettest::agent
