// The report as "nettest.report/v1": the shape of nettest.simulate/v1 with what was seen added.
// Cases of all suites stand in one list, in order; `suites` says how many are whose.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/probe_json.hpp"

namespace nettest {

namespace {

/// Milliseconds; exact to the nanosecond for runs of up to a month.
double ms(Duration duration) {
  constexpr double kNanosecondsPerMs = 1e6;
  return static_cast<double>(duration.count()) / kNanosecondsPerMs;
}

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::suite:
      return "suite";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::engine:
      return "engine";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "engine";
}

Json error_json(const std::optional<Error>& error) {
  if (!error) {
    return nullptr;
  }
  Json json = {{"kind", to_string(error->kind)}, {"message", error->message}};
  if (error->where) {
    json["where"] = to_json(*error->where);
  }
  return json;
}

Json counts_json(const Counts& counts) {
  return {{"probes", counts.probes},
          {"matched", counts.matched},
          {"mismatched", counts.mismatched},
          {"inconclusive", counts.inconclusive},
          {"undefined", counts.undefined},
          {"attempts", counts.attempts},
          {"errors", counts.errors},
          {"skipped", counts.skipped}};
}

Json latency_json(const Percentiles& latency) {
  if (latency.count == 0) {
    return {{"count", 0}};
  }
  return {{"count", latency.count},
          {"p50_ms", ms(latency.p50)},
          {"p95_ms", ms(latency.p95)},
          {"p99_ms", ms(latency.p99)}};
}

Json attempt_json(const Attempt& attempt, TimePoint start) {
  Json json = {{"signal", to_string(attempt.signal)},
               {"sent_ms", ms(attempt.sent - start)},
               {"took_ms", ms(attempt.took)},
               {"timeout_ms", ms(attempt.timeout)}};
  if (!attempt.answered_by.empty()) {
    json["answered_by"] = attempt.answered_by;
  }
  if (!attempt.detail.empty()) {
    json["detail"] = attempt.detail;
  }
  return json;
}

Json comparison_json(const Comparison& comparison, TimePoint start) {
  Json json = to_json(comparison.probe, comparison.prediction);
  if (!comparison.expectation.empty()) {
    json["expectation"] = comparison.expectation;
  }
  json["observed"] = to_string(last_observed(comparison));
  json["agreement"] = to_string(comparison.agreement);
  if (!comparison.why_inconclusive.empty()) {
    json["why_inconclusive"] = comparison.why_inconclusive;
  }
  json["controls"] = {{"before", to_string(comparison.controls.before)},
                      {"after", to_string(comparison.controls.after)}};
  json["late"] = comparison.late;
  json["flapping"] = comparison.flapping;
  if (comparison.enforcement_latency) {
    json["enforcement_latency_ms"] = ms(*comparison.enforcement_latency);
  }
  json["attempts"] = Json::array();
  for (const auto& attempt : comparison.attempts) {
    json["attempts"].push_back(attempt_json(attempt, start));
  }
  if (!comparison.reproduce.empty()) {
    json["reproduce"] = comparison.reproduce;
  }
  return json;
}

/// The members of an object without its braces, so that a long list can follow them.
std::string members(const Json& object) {
  const std::string text = line_of(object);
  return text.substr(1, text.size() - 2);
}

/// Appends `items`, one per line, to the list that `text` has opened.
void append_list(std::string& text,
                 const std::vector<std::string>& items,
                 std::string_view indent) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += (i == 0 ? "\n" : ",\n") + std::string(indent) + items[i];
  }
  text += "]";
}

std::string step_text(const StepResult& step, TimePoint start) {
  const Json facts = {{"step", step.name},
                      {"description", step.description},
                      {"changes", step.changes},
                      {"took_ms", ms(step.took)},
                      {"rounds", step.rounds},
                      {"error", error_json(step.error)},
                      {"skipped", step.skipped},
                      {"counts", counts_json(count(step))},
                      {"enforcement_latency", latency_json(enforcement_latency(step))}};
  std::vector<std::string> probes;
  probes.reserve(step.comparisons.size());
  for (const auto& comparison : step.comparisons) {
    probes.push_back(line_of(comparison_json(comparison, start)));
  }
  std::string text = "{" + members(facts) + ",\"probes\":[";
  append_list(text, probes, "   ");
  return text + "}";
}

std::string case_text(const SuiteResult& suite, const CaseResult& part, TimePoint start) {
  const Json facts = {{"suite", suite.name},
                      {"case", part.name},
                      {"description", part.description},
                      {"tags", part.tags},
                      {"took_ms", ms(part.took)},
                      {"counts", counts_json(count(part))}};
  std::vector<std::string> steps;
  steps.reserve(part.steps.size());
  for (const auto& step : part.steps) {
    steps.push_back(step_text(step, start));
  }
  std::string text = "{" + members(facts) + ",\"steps\":[";
  append_list(text, steps, "  ");
  return text + "}";
}

Json suite_json(const SuiteResult& suite) {
  return {{"suite", suite.name},
          {"file", suite.file},
          {"cases", suite.cases.size()},
          {"took_ms", ms(suite.took)},
          {"warnings", suite.warnings},
          {"error", error_json(suite.error)},
          {"counts", counts_json(count(suite))}};
}

Json facts_json(const RunFacts& facts) {
  Json versions = Json::object();
  for (const auto& [name, version] : facts.versions) {
    versions[name] = version;
  }
  return {{"run_id", facts.run_id},
          {"nettest_version", facts.nettest_version},
          {"engine", facts.engine},
          {"versions", std::move(versions)},
          {"started", utc_text(facts.started)},
          {"took_ms", ms(facts.took)},
          {"hostname", facts.hostname},
          {"faults", facts.faults},
          {"interrupted", facts.interrupted},
          {"warnings", facts.warnings}};
}

/// The sending of the first attempt: the zero of `sent_ms`.
TimePoint first_sent(const Report& report) {
  std::optional<TimePoint> first;
  for (const auto& suite : report.suites) {
    for (const auto& part : suite.cases) {
      for (const auto& step : part.steps) {
        for (const auto& comparison : step.comparisons) {
          for (const auto& attempt : comparison.attempts) {
            first = first ? std::min(*first, attempt.sent) : attempt.sent;
          }
        }
      }
    }
  }
  return first.value_or(TimePoint{});
}

}  // namespace

std::string render_json(const Report& report) {
  const TimePoint start = first_sent(report);
  std::vector<std::string> names;
  std::vector<std::string> suites;
  std::vector<std::string> cases;
  for (const auto& suite : report.suites) {
    names.push_back(suite.name);
    suites.push_back(line_of(suite_json(suite)));
    for (const auto& part : suite.cases) {
      cases.push_back(case_text(suite, part, start));
    }
  }
  const Json head = {{"format", "nettest.report/v1"},
                     {"suite", join(names, ", ")},
                     {"exit_code", exit_code(report)},
                     {"run", facts_json(report.facts)},
                     {"counts", counts_json(count(report))},
                     {"enforcement_latency", latency_json(enforcement_latency(report))}};
  std::string text = "{" + members(head) + ",\n\"suites\":[";
  append_list(text, suites, " ");
  text += ",\n\"cases\":[";
  append_list(text, cases, " ");
  return text + "}\n";
}

}  // namespace nettest
