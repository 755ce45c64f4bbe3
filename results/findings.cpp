#include "results/findings.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "results/format.hpp"

namespace nettest {

namespace {

std::string end_key(const std::optional<EndDecision>& end) {
  if (!end) {
    return "|";
  }
  std::string key = end->tier + (end->allowed ? "+" : "-");
  for (const auto& policy : end->isolating) {
    key += " " + to_string(policy);
  }
  if (end->admitted_by) {
    key +=
        " by " + to_string(end->admitted_by->policy) + "#" + std::to_string(end->admitted_by->rule);
  }
  return key + "|";
}

/// What makes two findings alike: the rules and the outcome, not the pods.
std::string kind_key(const Comparison& comparison) {
  const auto& prediction = comparison.prediction;
  std::string key = std::string(to_string(comparison.agreement)) + "|" +
                    std::string(to_string(prediction.verdict)) + "|" +
                    std::string(to_string(prediction.reason)) + "|" +
                    end_key(prediction.because.egress) + end_key(prediction.because.ingress) +
                    (comparison.flapping ? "flapping|" : "|");
  if (comparison.agreement == Agreement::inconclusive) {
    key += comparison.why_inconclusive + "|";
  }
  return key + (comparison.attempts.empty()
                    ? ""
                    : std::string(to_string(comparison.attempts.back().signal)));
}

/// Counts the probes that have a reason of that kind, in the order of the reasons.
std::vector<std::string> counted_reasons(const StepResult& step, std::string Comparison::*reason) {
  std::vector<std::pair<std::string, std::size_t>> reasons;
  for (const auto& comparison : step.comparisons) {
    const std::string& own = comparison.*reason;
    if (own.empty()) {
      continue;
    }
    const auto known = std::find_if(
        reasons.begin(), reasons.end(), [&](const auto& entry) { return entry.first == own; });
    if (known == reasons.end()) {
      reasons.emplace_back(own, 1);
    } else {
      ++known->second;
    }
  }
  std::vector<std::string> texts;
  texts.reserve(reasons.size());
  for (const auto& [text, number] : reasons) {
    texts.push_back(counted(number, "probe") + ": " + one_line(text));
  }
  return texts;
}

}  // namespace

std::vector<Finding> findings(const StepResult& step) {
  std::vector<Finding> result;
  for (const auto wanted : {Agreement::mismatch, Agreement::inconclusive}) {
    std::map<std::string, std::size_t> known;
    for (const auto& comparison : step.comparisons) {
      if (comparison.agreement != wanted || !comparison.known.empty()) {
        continue;
      }
      const auto [found, is_new] = known.try_emplace(kind_key(comparison), result.size());
      if (is_new) {
        result.emplace_back();
      }
      result[found->second].probes.push_back(&comparison);
    }
  }
  return result;
}

std::vector<std::string> unasked_texts(const StepResult& step) {
  return counted_reasons(step, &Comparison::why_skipped);
}

std::vector<std::string> known_texts(const StepResult& step) {
  return counted_reasons(step, &Comparison::known);
}

std::string outcome_text(const StepResult& step) {
  if (!step.skipped.empty()) {
    return "skipped: " + one_line(step.skipped);
  }
  const Counts counts = count(step);
  std::vector<std::string> parts;
  if (step.error) {
    parts.push_back("error: " + one_line(to_string(*step.error)));
  }
  if (counts.mismatched > 0) {
    parts.push_back(counted(counts.mismatched, "mismatch") + " in " +
                    counted(counts.probes, "probe"));
  }
  if (counts.inconclusive > 0) {
    parts.push_back(std::to_string(counts.inconclusive) + " inconclusive" +
                    (counts.mismatched > 0 ? "" : " of " + counted(counts.probes, "probe")));
  }
  if (parts.empty() && counts.matched > 0) {
    parts.push_back(counted(counts.matched, "probe") + " as predicted");
  }
  if (counts.known > 0) {
    parts.push_back(counted(counts.known, "known deviation"));
  }
  if (counts.undefined > 0) {
    parts.push_back(std::to_string(counts.undefined) + " undefined");
  }
  if (counts.unasked > 0) {
    parts.push_back(std::to_string(counts.unasked) + " skipped");
  }
  return parts.empty() ? "nothing probed" : join(parts, ", ");
}

std::string first_text(const Finding& finding) {
  const auto& comparison = *finding.probes.front();
  const std::string name = one_line(to_string(comparison.probe));
  if (comparison.agreement == Agreement::inconclusive) {
    return name + ": " + one_line(comparison.why_inconclusive);
  }
  const std::string must = " must be " + std::string(to_string(comparison.prediction.verdict));
  const std::string seen = comparison.flapping
                               ? ", but flaps"
                               : ", but is " + std::string(to_string(last_observed(comparison)));
  return name + must + seen + " (" + std::string(to_string(comparison.attempts.back().signal)) +
         ")";
}

std::string others_text(const Finding& finding, std::size_t limit) {
  const std::size_t others = finding.probes.size() - 1;
  if (others == 0) {
    return "";
  }
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= others && i <= limit; ++i) {
    names.push_back(one_line(to_string(finding.probes[i]->probe)));
  }
  const std::string rest =
      others > limit ? ", … " + std::to_string(others - limit) + " more" : std::string();
  return "and " + std::to_string(others) + " more like it: " + join(names, ", ") + rest;
}

Outcome outcome_of(const Counts& counts) {
  if (counts.mismatched > 0) {
    return Outcome::failed;
  }
  if (counts.inconclusive > 0 || counts.errors > 0) {
    return Outcome::unclear;
  }
  if (counts.known > 0) {
    return Outcome::known;
  }
  if (counts.matched > 0) {
    return Outcome::passed;
  }
  return counts.skipped > 0 || counts.unasked > 0 ? Outcome::skipped : Outcome::unclear;
}

}  // namespace nettest
