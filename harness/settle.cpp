#include "harness/settle.hpp"

#include <algorithm>
#include <utility>

#include "harness/interrupt.hpp"

namespace nettest {

namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(10);
constexpr Duration kLongestPause = std::chrono::milliseconds(250);
constexpr Duration kFirstGlancePause = std::chrono::milliseconds(5);
/// A glance follows after this part of the time that has passed, and may take as long: so exact is
/// the latency.
constexpr int kGlanceShare = 8;
/// Repeats of what the confirming round contradicts.
constexpr int kSecondThoughts = 2;
/// Repeats of what nobody could ask, however late it has become: a busy machine needs time, and
/// takes it from the deadline.
constexpr int kUnheardRepeats = 4;
/// How many times the slowest round trip a first look waits. The agent answers
/// in a fraction of a millisecond and is limited from below; wget is a process
/// of some 10 ms, measured while all of them start at once.
constexpr int kAgentFactor = 4;
constexpr int kWgetFactor = 5;
/// The slowest round trip is forgotten by this part with each answer (a half in 2,800), so that one
/// moment of a busy machine does not cost every later step of a long run.
constexpr int kForgetting = 4096;

enum class Look { glance, first, repeat };

std::size_t index_of(Client client) {
  return client == Client::agent ? 0 : 1;
}

class Settling {
 public:
  Settling(const SettleContext& context, std::vector<Inquiry>& inquiries)
      : context_(context),
        inquiries_(inquiries),
        start_(context.clock.now()),
        deadline_(start_ + context.patience.settle) {}

  /// Asks those that `wanted` holds of; false when it must end.
  template <typename Wanted>
  bool round(Look look, Wanted wanted) {
    std::vector<Inquiry*> asked;
    for (auto& inquiry : inquiries_) {
      if (wanted(inquiry)) {
        asked.push_back(&inquiry);
      }
    }
    return asked.empty() || ask(look, asked);
  }

  bool first_look() {
    return round(Look::first, [](const Inquiry&) { return true; });
  }
  /// Glances at the signals until they are right or it is too late.
  bool await_signals();
  bool repeat_until_right();
  bool confirm();
  /// Whether all signals were right before everything was asked, and everything was right then.
  [[nodiscard]] bool all_clear() const { return signals_right_ && waiting() == 0; }

  [[nodiscard]] Settled result() && { return std::move(settled_); }

 private:
  bool ask(Look look, const std::vector<Inquiry*>& asked);
  bool pause(Duration length);
  [[nodiscard]] Duration share_of_time() const {
    return (context_.clock.now() - start_) / kGlanceShare;
  }
  [[nodiscard]] Duration timeout(Look look, const Inquiry& inquiry) const;
  [[nodiscard]] std::size_t waiting() const;
  bool stop(Error error);

  // NOLINTNEXTLINE(cppcoreguidelines-avoid-const-or-ref-data-members): lives inside one call.
  const SettleContext& context_;
  std::vector<Inquiry>& inquiries_;
  TimePoint start_;
  TimePoint deadline_;
  bool signals_right_ = false;
  Settled settled_;
};

bool wrong(const Inquiry& inquiry) {
  return inquiry.patient && !as_predicted(inquiry);
}

bool is_signal(const Inquiry& inquiry) {
  return inquiry.signal && inquiry.patient;
}

/// Glances were too short to see what is there: they do not speak against the look that saw it.
void forget_hasty_glances(Inquiry& inquiry) {
  auto& attempts = inquiry.attempts;
  if (inquiry.predicted != Verdict::blocked || attempts.back().signal != Signal::connected) {
    return;
  }
  const Duration look = attempts.back().timeout;
  const auto hasty = [&](const Attempt& attempt) {
    return attempt.signal == Signal::timed_out && attempt.timeout < look;
  };
  const auto first = std::find_if_not(attempts.rbegin() + 1, attempts.rend(), hasty).base();
  attempts.erase(first, attempts.end() - 1);
}

bool unheard(const Inquiry& inquiry) {
  return inquiry.patient && !inquiry.attempts.empty() &&
         observed(inquiry.attempts.back().signal) == Observed::nothing;
}

bool Settling::stop(Error error) {
  settled_.error = std::move(error);
  return false;
}

// A predicted "blocked" ends with its time-out, so it gets the short one; a
// predicted "allowed" that looks blocked gets the long one before anybody says so.
Duration Settling::timeout(Look look, const Inquiry& inquiry) const {
  const Patience& patience = context_.patience;
  if (look == Look::repeat && inquiry.predicted == Verdict::allowed) {
    return patience.repeat_timeout;
  }
  const Client client = inquiry.probe.client;
  const Duration first = context_.round_trips.first_timeout(client, patience);
  // Growing, so that a path slower than its usual answers is not glanced at in vain for ever.
  return look == Look::glance
             ? std::clamp(
                   share_of_time(), context_.round_trips.glance_timeout(client, patience), first)
             : first;
}

std::size_t Settling::waiting() const {
  return static_cast<std::size_t>(std::count_if(inquiries_.begin(), inquiries_.end(), wrong));
}

bool Settling::ask(Look look, const std::vector<Inquiry*>& asked) {
  if (interrupted()) {
    return stop({ErrorKind::interrupted, "interrupted", std::nullopt});
  }
  std::vector<Question> questions;
  questions.reserve(asked.size());
  for (const auto* inquiry : asked) {
    questions.push_back({inquiry->probe, timeout(look, *inquiry)});
  }
  auto attempts = context_.engine.probe(questions);
  if (!attempts) {
    return stop(attempts.error().while_doing("probe"));
  }
  if (attempts->size() != questions.size()) {
    return stop({ErrorKind::engine,
                 "the engine answered " + std::to_string(attempts->size()) + " of " +
                     std::to_string(questions.size()) + " probes",
                 std::nullopt});
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    // Repeats are slow for reasons of their own (a lost SYN): no measure of the path.
    if (look == Look::first) {
      context_.round_trips.observe(asked[i]->probe.client, (*attempts)[i]);
    }
    asked[i]->attempts.push_back(std::move((*attempts)[i]));
  }
  ++settled_.rounds;
  context_.on_round(settled_.rounds, waiting());
  return true;
}

bool Settling::pause(Duration length) {
  return context_.clock.sleep_until(context_.clock.now() + length) ||
         stop({ErrorKind::interrupted, "interrupted", std::nullopt});
}

bool Settling::await_signals() {
  const auto wrong_signal = [](const Inquiry& inquiry) {
    return is_signal(inquiry) && wrong(inquiry);
  };
  // A glance may have been too short for the answer, and "blocked" is what it then looks like: only
  // the last of them, when all are right, is believed, and so the latency is that of the engine.
  const auto unsure = [](const Inquiry& inquiry) {
    return is_signal(inquiry) && (wrong(inquiry) || inquiry.predicted == Verdict::blocked);
  };
  if (!round(Look::glance, is_signal)) {
    return false;
  }
  const auto any_wrong = [&] {
    return std::any_of(inquiries_.begin(), inquiries_.end(), wrong_signal);
  };
  while (any_wrong() && context_.clock.now() < deadline_) {
    const Duration length = std::clamp(share_of_time(), kFirstGlancePause, kLongestPause);
    if (!pause(length) || !round(Look::glance, unsure)) {
      return false;
    }
  }
  signals_right_ = !any_wrong();
  if (!first_look()) {
    return false;
  }
  std::for_each(inquiries_.begin(), inquiries_.end(), [](Inquiry& inquiry) {
    if (is_signal(inquiry)) {
      forget_hasty_glances(inquiry);
    }
  });
  return true;
}

bool Settling::repeat_until_right() {
  Duration length = kFirstPause;
  int repeats = 0;
  const auto in_time = [&] { return repeats == 0 || context_.clock.now() < deadline_; };
  const auto must_hear = [&] {
    return repeats < kUnheardRepeats && std::any_of(inquiries_.begin(), inquiries_.end(), unheard);
  };
  while (waiting() > 0 && (in_time() || must_hear())) {
    const bool all = in_time();
    if (!pause(length) || !round(Look::repeat, all ? wrong : unheard)) {
      return false;
    }
    length = std::min(length * 2, kLongestPause);
    ++repeats;
  }
  return true;
}

bool Settling::confirm() {
  std::vector<bool> right;
  right.reserve(inquiries_.size());
  for (const auto& inquiry : inquiries_) {
    right.push_back(as_predicted(inquiry));
  }
  const auto was_right = [&](const Inquiry& inquiry) {
    return right[static_cast<std::size_t>(&inquiry - inquiries_.data())];
  };
  if (!round(Look::repeat, was_right)) {
    return false;
  }
  const auto changed = [&](const Inquiry& inquiry) { return was_right(inquiry) && wrong(inquiry); };
  for (int thought = 0; thought < kSecondThoughts; ++thought) {
    if (std::none_of(inquiries_.begin(), inquiries_.end(), changed)) {
      return true;
    }
    if (!pause(kLongestPause) || !round(Look::repeat, changed)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool as_predicted(const Inquiry& inquiry) {
  if (inquiry.attempts.empty()) {
    return false;
  }
  const Observed seen = observed(inquiry.attempts.back().signal);
  switch (inquiry.predicted) {
    case Verdict::allowed:
      return seen == Observed::allowed;
    case Verdict::blocked:
      return seen == Observed::blocked &&
             (inquiry.dns_blocks || inquiry.attempts.back().signal != Signal::dns_failed);
    case Verdict::either:
      return seen != Observed::nothing;
  }
  return false;
}

void RoundTripTimes::observe(Client client, const Attempt& attempt) {
  if (attempt.signal != Signal::connected) {
    return;
  }
  Seen& seen = seen_.at(index_of(client));
  if (seen.slowest == Duration::zero()) {
    seen = {attempt.took, attempt.took, attempt.took / 2};
    return;
  }
  seen.slowest = std::max(seen.slowest - seen.slowest / kForgetting, attempt.took);
  seen.variation += (std::chrono::abs(seen.smoothed - attempt.took) - seen.variation) / 4;
  seen.smoothed += (attempt.took - seen.smoothed) / 8;
}

Duration RoundTripTimes::first_timeout(Client client, const Patience& patience) const {
  const int factor = client == Client::agent ? kAgentFactor : kWgetFactor;
  const Duration shortest = std::min(patience.first_timeout, patience.repeat_timeout);
  return std::clamp(seen_.at(index_of(client)).slowest * factor, shortest, patience.repeat_timeout);
}

Duration RoundTripTimes::glance_timeout(Client client, const Patience& patience) const {
  const Duration first = first_timeout(client, patience);
  if (client == Client::wget) {
    return first;
  }
  const Seen& seen = seen_.at(index_of(client));
  return std::clamp(
      seen.smoothed + 4 * seen.variation, std::min(patience.glance_timeout, first), first);
}

Settled settle(const SettleContext& context, std::vector<Inquiry>& inquiries) {
  Settling settling(context, inquiries);
  const bool signals = std::any_of(inquiries.begin(), inquiries.end(), is_signal);
  if (signals ? !settling.await_signals() || settling.all_clear() : !settling.first_look()) {
    return std::move(settling).result();
  }
  if (settling.repeat_until_right()) {
    settling.confirm();
  }
  return std::move(settling).result();
}

Settled settle_once(const SettleContext& context, std::vector<Inquiry>& inquiries) {
  Settling settling(context, inquiries);
  if (settling.first_look()) {
    settling.repeat_until_right();
  }
  return std::move(settling).result();
}

}  // namespace nettest
