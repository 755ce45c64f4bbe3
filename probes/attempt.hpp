// What was seen of a probe. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ip.hpp"

namespace nettest {

/// The outcome of one try, as design section 2 names them. `unusable`: nothing
/// can be said (the agent died, the exec failed).
enum class Signal {
  connected,
  refused,
  timed_out,
  unreachable,
  reset,
  dns_failed,
  wrong_backend,
  http_denied,
  unusable
};

/// Says "connected", "timed_out", … as in the JSON report.
std::string_view to_string(Signal signal);
std::optional<Signal> parse_signal(std::string_view text);

/// One try of a probe.
struct Attempt {
  Signal signal = Signal::unusable;
  /// When it was sent (monotonic), and how long until the answer or the
  /// time-out.
  TimePoint sent;
  Duration took{};
  /// The time-out that it ran under.
  Duration timeout{};
  /// Who answered ("default/web"), when somebody did.
  std::string answered_by;
  /// What the client said, for people: wget's message, errno text, HTTP status.
  std::string detail;
};

/// What the signal means: connected is allowed; refused, timed_out,
/// unreachable, reset, dns_failed and http_denied are blocked; wrong_backend
/// and unusable mean nothing.
enum class Observed { allowed, blocked, nothing };

Observed observed(Signal signal);
std::string_view to_string(Observed observed);

}  // namespace nettest
