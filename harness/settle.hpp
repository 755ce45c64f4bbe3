// Asks a round of probes again and again until it is as predicted, instead of
// waiting for a fixed time (design section 8). A shell over the Engine and Clock
// seams.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "harness/engine.hpp"
#include "probes/attempt.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"

namespace nettest {

/// A probe that is asked until it answers as predicted; every attempt is kept,
/// in the order of sending.
struct Inquiry {
  Probe probe;
  Verdict predicted = Verdict::allowed;
  /// True where a name that does not resolve is what the prediction means by
  /// blocked; elsewhere it only means that the path was not tried.
  bool dns_blocks = false;
  /// False for a probe that can't be judged anyway: it is asked, and nobody
  /// waits for it.
  bool patient = true;
  /// True where the answer shows that the policy engine has heard of the changes: a probe of the
  /// fence, or one that the changes turn.
  bool signal = false;
  std::vector<Attempt> attempts;
};

/// Says whether the last attempt is what was predicted. For `either` any usable
/// answer is.
bool as_predicted(const Inquiry& inquiry);

/// The time-outs of probes. A first look is short, because a wrong "blocked" of
/// it is asked again; a second look is never shorter than a lost SYN takes to
/// come again.
struct Patience {
  Duration first_timeout = std::chrono::milliseconds(250);
  /// The least of glances at signals, which decide nothing: when to look, no more.
  Duration glance_timeout = std::chrono::milliseconds(20);
  Duration repeat_timeout = std::chrono::milliseconds(1500);
  /// How long an inquiry may take to become as predicted.
  Duration settle = std::chrono::seconds(10);
};

/// Chooses time-outs by the answers seen so far, within the limits of a Patience. A client that
/// starts a process per probe is slower than one that does not, so each has its own.
class RoundTripTimes {
 public:
  void observe(Client client, const Attempt& attempt);
  /// By the slowest answer, which fades with those that follow.
  [[nodiscard]] Duration first_timeout(Client client, const Patience& patience) const;
  /// By the usual answer and how much it varies, as TCP chooses when to send again (RFC 6298, 2).
  /// Not shorter than the first for wget, whose processes take longer than a glance.
  [[nodiscard]] Duration glance_timeout(Client client, const Patience& patience) const;

 private:
  struct Seen {
    Duration slowest{};
    Duration smoothed{};
    Duration variation{};
  };
  std::array<Seen, 2> seen_;
};

struct Settled {
  /// Rounds that were asked, the confirming one included.
  int rounds = 0;
  /// Set when the engine could not ask any more, or on an interrupt; the
  /// attempts so far are kept.
  std::optional<Error> error;
};

/// What a settling inquiry needs beside its questions.
struct SettleContext {
  Engine& engine;
  Clock& clock;
  RoundTripTimes& round_trips;
  Patience patience;
  /// Told after every round how many probes are not yet as predicted.
  std::function<void(int round, std::size_t waiting)> on_round = [](int, std::size_t) {};
};

/// Asks everything at once (where there are signals: once these are right, or can't get right in
/// time, so that no round is spent on an engine that has heard of nothing yet), repeats what is not
/// as predicted with growing pauses until it is or `patience.settle` has passed since the call
/// (always at least once, with the long time-out), and then confirms what is right in one more
/// round: what was right at the first look after all signals is confirmed by them.
/// Returns when nothing more can be learned.
Settled settle(const SettleContext& context, std::vector<Inquiry>& inquiries);

/// The same without the confirming round: for positive controls, where one
/// answer is enough.
Settled settle_once(const SettleContext& context, std::vector<Inquiry>& inquiries);

}  // namespace nettest
