// The judgement of one probe in one step: prediction beside attempts. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/attempt.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"

namespace nettest {

/// `skipped`: not asked, because the engine can't; neither a pass nor a failure.
enum class Agreement { match, mismatch, inconclusive, skipped };

/// Says "match", "mismatch", "inconclusive" or "skipped".
std::string_view to_string(Agreement agreement);

/// Was the path seen open without policies? `impossible`: it could not have been
/// open then (an end of it did not exist, the service had no endpoint).
enum class Control { open, not_open, not_done, impossible };

std::string_view to_string(Control control);

/// The positive control of design section 7.
struct Controls {
  Control before = Control::not_done;
  Control after = Control::not_done;
};

/// Prediction and attempts of a probe, and what follows from them. Attempts are
/// all kept, in the order of sending.
struct Comparison {
  Probe probe;
  Prediction prediction;
  /// Empty where the author wrote no expectation; else the expectation that
  /// spoke last, as written.
  std::string expectation;
  std::vector<Attempt> attempts;
  Controls controls;
  Agreement agreement = Agreement::inconclusive;
  /// Why it is inconclusive, for people. Given without attempts (by whoever
  /// could not ask), it is kept.
  std::string why_inconclusive;
  /// Why the engine can't ask it ("SCTP is not supported by this engine"); such
  /// a probe has no attempts and is skipped.
  std::string why_skipped;
  /// For a mismatch that is a known deviation: the reason that the list gives.
  std::string known;
  /// Wrong at first and right at the end, within the settle deadline.
  bool late = false;
  /// Changed its mind after it had been right.
  bool flapping = false;
  /// From the end of the change to the sending of the first attempt that was
  /// right for good.
  std::optional<Duration> enforcement_latency;
  /// A command line that shows the same thing by hand while the world stands.
  std::string reproduce;
};

/// Fills agreement, why_inconclusive, late, flapping and enforcement_latency
/// from the rest. `changed` is when the step's changes were in. Nothing is a
/// match without an answer of a live client, and nothing blocked is a match
/// without positive control. The last attempt decides:
/// - why_skipped: skipped.
/// - none, or unusable, or wrong_backend: inconclusive, whatever is predicted.
/// - prediction `either`: match, whatever was seen (counted as undefined, never
///   as matched).
/// - predicted allowed: connected is a match; anything else is a mismatch if
///   a control saw the path open, else inconclusive.
/// - predicted blocked: connected is a mismatch. Anything else is a match where
///   the path was seen open before and after; `impossible` counts as open on
///   one side, on both only for a service without endpoint that was answered
///   by the network (refused, unreachable, reset). Else inconclusive.
/// - predicted blocked by a rule, but dns_failed: inconclusive, because the
///   path itself was never tried.
/// - flapping is a mismatch, also where the last attempt would match; predicted
///   blocked, a connection after the path was seen blocked stays a mismatch even
///   if the last attempt is unusable. A time-out that an attempt with a longer
///   time-out contradicts next is slowness, not flapping.
Comparison judge(Comparison comparison, TimePoint changed);

/// What the last attempt says; nothing without attempts.
Observed last_observed(const Comparison& comparison);

/// The four lines of design section 11, each beginning with "Expected:",
/// "Actual:", "Because:", "Reproduce:".
std::vector<std::string> four_lines(const Comparison& comparison);

}  // namespace nettest
