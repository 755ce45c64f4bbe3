// What a pod serves: its identity, on every port that it was told to. Edge (sockets).
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "probes/agent/poller.hpp"
#include "suites/world.hpp"

namespace nettest::agent {

/// Answers everybody who connects or sends, at once and on the same thread: TCP plain gets
/// "NAME\n" and a close; HTTP any complete request, 200 with that line as body; UDP
/// "nettest NONCE\n" the datagram "NAME NONCE\n". A client that dawdles is closed after a while, or
/// at once when its place is needed.
class Server : public Handler {
 public:
  /// At most `connections` HTTP clients at a time.
  Server(Poller& poller, std::size_t connections);
  ~Server() override;

  void set_identity(const std::string& name) { identity_ = name; }
  /// Returns an errno, 0 for success. A port that is served already is served anew, as `serve`.
  int serve(Protocol protocol, Port port, Serve serve);
  void stop(Protocol protocol, Port port);

  /// Closes what has dawdled; returns when to be called again.
  TimePoint close_idle(TimePoint now);

  void on_ready(int descriptor, std::uint32_t events) override;

 private:
  struct Listener {
    Protocol protocol;
    Port port;
    Serve serve;
  };
  struct Connection {
    int descriptor;
    TimePoint until;
    std::string request;
    bool answered = false;
  };
  using Connections = std::list<Connection>;

  void accept_all(int listener, Serve serve);
  void answer_datagrams(int descriptor);
  void read_request(Connections::iterator connection);
  void answer(Connection& connection) const;
  void close(Connections::iterator connection);

  Poller& poller_;
  std::size_t most_;
  std::string identity_ = "-";
  std::unordered_map<int, Listener> listeners_;
  /// Oldest first.
  Connections connections_;
  std::unordered_map<int, Connections::iterator> by_descriptor_;
};

}  // namespace nettest::agent
