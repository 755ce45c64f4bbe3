// The judgement of one probe in one step: prediction beside attempts. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/attempt.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"

namespace nettest {

enum class Agreement { match, mismatch, inconclusive };

/// Says "match", "mismatch" or "inconclusive".
std::string_view to_string(Agreement agreement);

/// Was the path seen open without policies? `impossible`: an end of the path
/// did not exist then.
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
  /// Why it is inconclusive, for people.
  std::string why_inconclusive;
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
/// from the rest. `changed` is when the step's changes were in; the last
/// attempt decides. Rules:
/// - prediction `either`: match whatever usable was seen (reported apart, never
/// counted as passed).
/// - last attempt unusable or wrong_backend: inconclusive.
/// - predicted allowed: connected is a match, blocked a mismatch if the path
/// was ever seen open (controls), else inconclusive.
/// - predicted blocked: connected is a mismatch; blocked a match only where the
/// path was seen open before and after
///   (`impossible` counts as open on one side, not on both), else inconclusive.
/// - flapping is a mismatch.
Comparison judge(Comparison comparison, TimePoint changed);

/// The four lines of design section 11, each beginning with "Expected:",
/// "Actual:", "Because:", "Reproduce:".
std::vector<std::string> four_lines(const Comparison& comparison);

}  // namespace nettest
