// Resolves names as the pod's /etc/resolv.conf says (search, ndots). Edge (c-ares).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ip.hpp"
#include "probes/agent/poller.hpp"
#include "probes/attempt.hpp"

struct ares_addrinfo;

namespace nettest::agent {

/// An address, or why there is none: `dns_failed`, or `unusable` when the pod has no DNS server
/// configured at all.
struct Resolved {
  std::optional<IpAddress> address;
  Signal signal = Signal::dns_failed;
  std::string detail;
};

/// Lives for one batch: resolv.conf is read anew, and each name is asked for once.
class Resolver : public Handler {
 public:
  using Tell = std::function<void(const Resolved&)>;

  /// `patience`: the time-out of the probes; a query is repeated within it.
  Resolver(Poller& poller, Duration patience);
  ~Resolver() override;

  /// Tells the first address of that family; at once when it is known. A callback that is still
  /// waited for at destruction is never called.
  void resolve(const std::string& host, IpFamily family, Tell tell);

  /// Repeats or gives up what is due; returns when to be called again.
  TimePoint process_timeouts(TimePoint now);

  void on_ready(int descriptor, std::uint32_t events) override;

 private:
  struct Query {
    Resolver* resolver = nullptr;
    std::string host;
    IpFamily family = IpFamily::ipv4;
    std::optional<Resolved> answer;
    std::vector<Tell> waiting;
  };
  struct Channel;

  static void on_answer(void* data, int status, int timeouts, ares_addrinfo* found);
  static void on_socket(void* data, int descriptor, int readable, int writable);
  void answer(Query& query, Resolved resolved);

  Poller& poller_;
  std::unique_ptr<Channel> channel_;
  std::map<std::pair<std::string, IpFamily>, Query> queries_;
  std::map<int, bool> watched_;
};

}  // namespace nettest::agent
