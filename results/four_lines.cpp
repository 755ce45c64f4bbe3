#include "base/text.hpp"
#include "results/comparison.hpp"
#include "results/format.hpp"

namespace nettest {

namespace {

std::string expected_line(const Comparison& comparison) {
  std::string text = std::string(to_string(comparison.prediction.verdict)) + " — " +
                     to_string(comparison.probe) + " (simulator";
  if (!comparison.expectation.empty()) {
    text += ", and the suite: " + comparison.expectation;
  }
  return text + ")";
}

std::string attempts_text(const Comparison& comparison) {
  return comparison.attempts.size() < 2 ? ""
                                        : " (" + counted(comparison.attempts.size(), "attempt") +
                                              ": " + signals_text(comparison.attempts) + ")";
}

/// Says what the last attempt saw: "blocked — timed_out after 1.00 s (3 attempts: timed_out ×3)".
std::string seen_text(const Comparison& comparison) {
  const auto& last = comparison.attempts.back();
  const auto seen = last_observed(comparison);
  std::string text = seen == Observed::nothing ? "" : std::string(to_string(seen)) + " — ";
  text += std::string(to_string(last.signal)) + " after " + duration_text(last.took);
  if (!last.answered_by.empty()) {
    text += ", answered by " + last.answered_by;
  }
  if (!last.detail.empty()) {
    text += ", \"" + last.detail + "\"";
  }
  return text + attempts_text(comparison);
}

std::string controls_text(const Controls& controls) {
  const bool before = controls.before == Control::open;
  const bool after = controls.after == Control::open;
  if (before && after) {
    return "; without policies the path was open, before and after";
  }
  if (before || after) {
    return std::string("; without policies the path was open ") + (before ? "before" : "after");
  }
  return "";
}

std::string actual_line(const Comparison& comparison) {
  std::string text;
  if (comparison.agreement == Agreement::inconclusive) {
    text = "not known: " + comparison.why_inconclusive;
    // Where the last attempt saw nothing, the reason is all that it said.
    return last_observed(comparison) == Observed::nothing
               ? text + attempts_text(comparison)
               : text + "; seen: " + seen_text(comparison);
  }
  text = comparison.attempts.empty() ? "nothing seen" : seen_text(comparison);
  if (comparison.flapping) {
    text = "flapping: it was as expected and changed back; last " + text;
  }
  const bool was_blocked = last_observed(comparison) == Observed::blocked;
  if (comparison.agreement == Agreement::mismatch && was_blocked && !comparison.flapping) {
    text += controls_text(comparison.controls);
  }
  if (comparison.late && comparison.enforcement_latency) {
    text += "; late, right from " + duration_text(*comparison.enforcement_latency) +
            " after the change";
  }
  return text;
}

}  // namespace

std::vector<std::string> four_lines(const Comparison& comparison) {
  const std::string because = explain(comparison.prediction);
  const std::string by_hand = comparison.reproduce.empty()
                                  ? "no command line is known for this engine"
                                  : comparison.reproduce;
  return {"Expected:  " + one_line(expected_line(comparison)),
          "Actual:    " + one_line(actual_line(comparison)),
          "Because:   " + one_line(because),
          "Reproduce: " + one_line(by_hand)};
}

}  // namespace nettest
