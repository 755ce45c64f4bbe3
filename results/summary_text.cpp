#include <string>
#include <vector>

#include "base/text.hpp"
#include "results/findings.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/overview.hpp"
#include "results/paint.hpp"

namespace nettest {

namespace {

constexpr std::size_t kNamedSteps = 5;

std::string warnings_text(const std::vector<std::string>& warnings, const TextStyle& style) {
  std::string text;
  for (const auto& warning : warnings) {
    text += painted("Warning: " + one_line(warning), Paint::unclear, style.colour) + "\n";
  }
  return text;
}

std::string size_text(const Report& report) {
  std::size_t cases = 0;
  std::size_t steps = 0;
  for (const auto& suite : report.suites) {
    cases += suite.cases.size();
    for (const auto& result : suite.cases) {
      steps += result.steps.size();
    }
  }
  const Counts counts = count(report);
  return counted(report.suites.size(), "suite") + ", " + counted(cases, "case") + ", " +
         counted(steps, "step") + ": " + counted(counts.probes, "probe") + ", " +
         counted(counts.attempts, "attempt") + " in " + duration_text(report.facts.took) +
         " on engine " + one_line(report.facts.engine) + "\n";
}

std::string counts_text(const Counts& counts) {
  std::string text = "  " + std::to_string(counts.matched) + " as predicted, " +
                     counted(counts.mismatched, "mismatch") + ", " +
                     std::to_string(counts.inconclusive) + " inconclusive";
  if (counts.known > 0) {
    text += ", " + counted(counts.known, "known deviation");
  }
  if (counts.unasked > 0) {
    text += ", " + counted(counts.unasked, "probe") + " skipped";
  }
  if (counts.undefined > 0) {
    text += ", " + std::to_string(counts.undefined) + " undefined (seen, not judged)";
  }
  if (counts.errors > 0) {
    text += ", " + counted(counts.errors, "error");
  }
  if (counts.skipped > 0) {
    text += ", " + counted(counts.skipped, "step") + " skipped";
  }
  return text + "\n";
}

std::string latency_text(const Report& report) {
  const auto latency = enforcement_latency(report);
  if (latency.count == 0) {
    return "";
  }
  return "  enforcement latency: P50 " + duration_text(latency.p50) + ", P95 " +
         duration_text(latency.p95) + ", P99 " + duration_text(latency.p99) + " (" +
         counted(latency.count, "probe") + ")\n";
}

std::string failures_text(const Report& report) {
  const std::size_t mismatches = count(report).mismatched;
  std::vector<std::string> parts;
  if (mismatches > 0) {
    parts.push_back(counted(mismatches, "mismatch"));
  }
  if (!report.stale_known.empty()) {
    parts.push_back(counted(report.stale_known.size(), "entry", "entries") +
                    " of the list of known deviations to remove");
  }
  return join(parts, ", ");
}

/// The places that need a person, worst first: errors of suites, then steps.
std::vector<std::string> places(const Report& report, Outcome wanted) {
  std::vector<std::string> result;
  for (const auto& suite : report.suites) {
    if (suite.error && wanted == Outcome::unclear) {
      const std::string said = to_string(*suite.error);
      result.push_back(one_line(suite.name) + ": " + one_line(said.substr(0, said.find('\n'))));
    }
    for (const auto& part : suite.cases) {
      for (const auto& step : part.steps) {
        if (outcome_of(count(step)) == wanted) {
          result.push_back(
              one_line(suite.name + ", case \"" + part.name + "\", step \"" + step.name + "\"") +
              ": " + outcome_text(step));
        }
      }
    }
  }
  return result;
}

std::string look_first_text(const Report& report) {
  auto all = places(report, Outcome::failed);
  const auto unclear = places(report, Outcome::unclear);
  all.insert(all.end(), unclear.begin(), unclear.end());
  if (all.empty()) {
    return "";
  }
  std::string text = "Look first at\n";
  for (std::size_t i = 0; i < all.size() && i < kNamedSteps; ++i) {
    text += "  " + all[i] + "\n";
  }
  if (all.size() > kNamedSteps) {
    text += "  and " + counted(all.size() - kNamedSteps, "more place") + "\n";
  }
  return text;
}

}  // namespace

std::string verdict_text(const Report& report) {
  const Counts counts = count(report);
  switch (exit_code(report)) {
    case 0:
      return "PASSED: everything that was judged is as predicted";
    case 1:
      return "FAILED: " + failures_text(report);
    case 2:
      return "ERROR: the suite cannot be run as it is written";
    case 130:
      return "INTERRUPTED: what was done until then is reported";
    default:
      break;
  }
  if (counts.errors > 0) {
    return "INCONCLUSIVE: errors kept nettest from judging";
  }
  if (counts.inconclusive > 0) {
    return "INCONCLUSIVE: " + counted(counts.inconclusive, "probe") + " could not be judged";
  }
  if (counts.unasked > 0 && counts.unasked == counts.probes) {
    return "INCONCLUSIVE: nothing was probed, because this engine can ask none of the probes";
  }
  return counts.probes == 0 ? "INCONCLUSIVE: nothing was probed"
                            : "INCONCLUSIVE: nothing was judged, only undefined behaviour seen";
}

std::string render_summary(const Report& report, const TextStyle& style) {
  std::string text = warnings_text(report.facts.warnings, style);
  for (const auto& suite : report.suites) {
    text += warnings_text(suite.warnings, style);
  }
  if (!report.facts.faults.empty()) {
    text +=
        painted("Faults were committed on request: " + one_line(join(report.facts.faults, ", ")),
                Paint::unclear,
                style.colour) +
        "\n";
  }
  for (const auto& entry : report.stale_known) {
    text += painted("Known no more: " + one_line(entry), Paint::bad, style.colour) + "\n";
  }
  text += overview_text(report) + look_first_text(report) + size_text(report) +
          counts_text(count(report)) + latency_text(report);
  const int code = exit_code(report);
  const Paint paint = code == 0 ? Paint::good : (code == 1 ? Paint::bad : Paint::unclear);
  return text + painted(verdict_text(report), paint, style.colour) + "\n";
}

std::string render_case_heading(std::string_view suite,
                                std::string_view case_name,
                                const TextStyle& style) {
  return painted("== " + one_line(std::string(suite) + ": " + std::string(case_name)),
                 Paint::heading,
                 style.colour) +
         "\n\n";
}

std::string render_text(const Report& report, const TextStyle& style) {
  std::string text = render_legend(style) + "\n";
  for (const auto& suite : report.suites) {
    for (const auto& part : suite.cases) {
      text += render_case_heading(suite.name, part.name, style);
      for (const auto& step : part.steps) {
        text += render_step(step, style) + "\n";
      }
    }
  }
  return text + render_summary(report, style);
}

}  // namespace nettest
