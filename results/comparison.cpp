#include "results/comparison.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace nettest {

namespace {

constexpr std::array<std::pair<Control, std::string_view>, 4> kControls = {
    {{Control::open, "open"},
     {Control::not_open, "not-open"},
     {Control::not_done, "not-done"},
     {Control::impossible, "impossible"}}};

/// A name that can't be resolved says nothing about a path that a rule blocks: the path was never
/// tried.
bool is_beside_the_point(const Prediction& prediction, const Attempt& attempt) {
  return attempt.signal == Signal::dns_failed && prediction.verdict == Verdict::blocked &&
         prediction.reason != Reason::dns && prediction.reason != Reason::no_endpoint;
}

bool is_usable(const Prediction& prediction, const Attempt& attempt) {
  return observed(attempt.signal) != Observed::nothing && !is_beside_the_point(prediction, attempt);
}

bool is_right(const Prediction& prediction, const Attempt& attempt) {
  const auto seen = observed(attempt.signal);
  return prediction.verdict == Verdict::allowed ? seen == Observed::allowed
                                                : seen == Observed::blocked;
}

/// Silence under a short time-out says nothing once the same question, asked next with more
/// patience, is answered.
bool is_mere_slowness(const Attempt& attempt, const Attempt* next) {
  const bool silent = attempt.signal == Signal::timed_out || attempt.signal == Signal::dns_failed;
  return silent && next != nullptr && next->signal == Signal::connected &&
         next->timeout > attempt.timeout;
}

/// The usable attempts, without those between right ones that only show slowness.
std::vector<const Attempt*> evidence(const Comparison& comparison) {
  std::vector<const Attempt*> usable;
  for (const auto& attempt : comparison.attempts) {
    if (is_usable(comparison.prediction, attempt)) {
      usable.push_back(&attempt);
    }
  }
  std::vector<const Attempt*> kept;
  bool right_before = false;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    const Attempt* const next = i + 1 < usable.size() ? usable[i + 1] : nullptr;
    if (!right_before || !is_mere_slowness(*usable[i], next)) {
      kept.push_back(usable[i]);
    }
    right_before = right_before || is_right(comparison.prediction, *usable[i]);
  }
  return kept;
}

/// Fills late, flapping and enforcement_latency.
void read_history(Comparison& comparison, TimePoint changed) {
  if (comparison.prediction.verdict == Verdict::either) {
    return;
  }
  const auto seen = evidence(comparison);
  const auto right = [&](const Attempt* attempt) {
    return is_right(comparison.prediction, *attempt);
  };
  const auto first_right = std::find_if(seen.begin(), seen.end(), right);
  comparison.flapping = std::find_if_not(first_right, seen.end(), right) != seen.end();
  const bool ends_right = !seen.empty() && right(seen.back());
  if (!ends_right) {
    return;
  }
  comparison.late = !comparison.flapping && first_right != seen.begin();
  const auto for_good = std::find_if_not(seen.rbegin(), seen.rend(), right).base();
  comparison.enforcement_latency = std::max(Duration::zero(), (*for_good)->sent - changed);
}

std::string say_control(std::string_view when, Control control) {
  std::string subject = std::string(when) + " the policies ";
  switch (control) {
    case Control::open:
      return subject + "it was open";
    case Control::not_open:
      return subject + "it did not connect either (is the server up, and the network in order?)";
    case Control::not_done:
      return subject + "it was not probed";
    case Control::impossible:
      return subject + "it could not have been open";
  }
  return subject;
}

/// Says what is missing for believing that the path is blocked by policy; empty when nothing is.
std::string missing_control(const Comparison& comparison) {
  const auto [before, after] = comparison.controls;
  const bool open = before == Control::open || after == Control::open;
  const auto fulfilled = [&](Control control) {
    return control == Control::open || (control == Control::impossible && open);
  };
  if (fulfilled(before) && fulfilled(after)) {
    return "";
  }
  const Signal last = comparison.attempts.back().signal;
  const bool answered =
      last == Signal::refused || last == Signal::unreachable || last == Signal::reset;
  if (comparison.prediction.reason == Reason::no_endpoint && before == Control::impossible &&
      after == Control::impossible && answered) {
    return "";
  }
  return "being blocked proves nothing, because " +
         (fulfilled(before) ? say_control("after", after) : say_control("before", before));
}

/// Says why nothing follows from the last attempt; empty when something does.
std::string unseen(const Comparison& comparison) {
  if (comparison.attempts.empty()) {
    return comparison.why_inconclusive.empty() ? "it was not probed" : comparison.why_inconclusive;
  }
  const auto& last = comparison.attempts.back();
  if (last.signal == Signal::unusable) {
    return "the probe could not be asked or its answer was lost" +
           (last.detail.empty() ? "" : ": " + last.detail);
  }
  if (last.signal == Signal::wrong_backend) {
    return "the wrong pod answered" +
           (last.answered_by.empty() ? "" : " (" + last.answered_by + ")") +
           (last.detail.empty() ? "" : ": " + last.detail);
  }
  if (is_beside_the_point(comparison.prediction, last)) {
    return "the name could not be resolved, although DNS is not what the policies deny here: the "
           "path itself was never tried";
  }
  return "";
}

void judge_allowed(Comparison& comparison) {
  if (last_observed(comparison) == Observed::allowed) {
    comparison.agreement = Agreement::match;
    return;
  }
  const auto [before, after] = comparison.controls;
  if (before == Control::open || after == Control::open) {
    comparison.agreement = Agreement::mismatch;
    return;
  }
  comparison.why_inconclusive = "no policy need be the cause, because " +
                                say_control("without policies", before) +
                                " (is the server up, and the network in order?)";
}

void judge_blocked(Comparison& comparison) {
  if (last_observed(comparison) == Observed::allowed) {
    comparison.agreement = Agreement::mismatch;
    return;
  }
  comparison.why_inconclusive = missing_control(comparison);
  if (comparison.why_inconclusive.empty()) {
    comparison.agreement = Agreement::match;
  }
}

}  // namespace

std::string_view to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::match:
      return "match";
    case Agreement::mismatch:
      return "mismatch";
    case Agreement::inconclusive:
      return "inconclusive";
    case Agreement::skipped:
      return "skipped";
  }
  return "?";
}

std::string_view to_string(Control control) {
  for (const auto& [value, name] : kControls) {
    if (value == control) {
      return name;
    }
  }
  return "?";
}

Observed last_observed(const Comparison& comparison) {
  return comparison.attempts.empty() ? Observed::nothing
                                     : observed(comparison.attempts.back().signal);
}

Comparison judge(Comparison comparison, TimePoint changed) {
  std::string nothing_seen = unseen(comparison);
  comparison.agreement = Agreement::inconclusive;
  comparison.why_inconclusive.clear();
  comparison.late = false;
  comparison.flapping = false;
  comparison.enforcement_latency.reset();
  if (!comparison.why_skipped.empty()) {
    comparison.agreement = Agreement::skipped;
    return comparison;
  }
  read_history(comparison, changed);
  const Verdict verdict = comparison.prediction.verdict;
  const bool leaked = comparison.flapping && verdict == Verdict::blocked;
  if (!nothing_seen.empty() && !leaked) {
    comparison.why_inconclusive = std::move(nothing_seen);
  } else if (comparison.flapping) {
    comparison.agreement = Agreement::mismatch;
  } else if (verdict == Verdict::either) {
    comparison.agreement = Agreement::match;
  } else if (verdict == Verdict::allowed) {
    judge_allowed(comparison);
  } else {
    judge_blocked(comparison);
  }
  if (comparison.agreement != Agreement::match) {
    comparison.late = false;
    comparison.enforcement_latency.reset();
  }
  return comparison;
}

}  // namespace nettest
