// One probe's conversation with whoever answers. Edge (sockets).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ip.hpp"
#include "probes/agent/poller.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest::agent {

/// What became of a probe. `exhausted`: this process lacked resources; a later try may succeed.
struct Outcome {
  Signal signal = Signal::unusable;
  std::string who;
  std::string detail;
  bool exhausted = false;
};

/// Owns the socket of one probe. Tells its outcome once; closes the socket then.
class Dial : public Handler {
 public:
  using Tell = std::function<void(Outcome)>;

  Dial(Poller& poller, const Ask& ask, Tell tell);
  ~Dial() override;

  /// Sends the first packet. May tell before it returns.
  virtual void start(const IpAddress& address) = 0;
  /// Sends again what may have been lost (UDP).
  virtual void send_again() {}
  /// What it means that the time is up now.
  [[nodiscard]] virtual Outcome at_deadline() const = 0;

 protected:
  /// False when it failed and the outcome was told.
  bool open(const IpAddress& address, int type);
  void finish(Outcome outcome);
  void fail_with(int error_number);

  // NOLINTBEGIN(*-non-private-member-variables-in-classes): for its two kinds, in dial.cpp
  Poller& poller_;
  const Ask& ask_;
  int descriptor_ = -1;
  // NOLINTEND(*-non-private-member-variables-in-classes)

 private:
  Tell tell_;
};

/// The kind that fits `ask.protocol` (TCP or UDP) and `ask.serve`. `ask` must outlive it.
std::unique_ptr<Dial> make_dial(Poller& poller, const Ask& ask, Dial::Tell tell);

}  // namespace nettest::agent
