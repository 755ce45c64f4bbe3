// Cases as JSON: the shape of nettest.simulate/v1 with what was seen added.
#include "results/case_json.hpp"

#include <optional>

namespace nettest {

namespace {

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

}  // namespace

double ms(Duration duration) {
  constexpr double kNanosecondsPerMs = 1e6;
  return static_cast<double>(duration.count()) / kNanosecondsPerMs;
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
          {"known", counts.known},
          {"inconclusive", counts.inconclusive},
          {"unasked", counts.unasked},
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

std::string members(const Json& object) {
  const std::string text = line_of(object);
  return text.substr(1, text.size() - 2);
}

void append_list(std::string& text,
                 const std::vector<std::string>& items,
                 std::string_view indent) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += (i == 0 ? "\n" : ",\n") + std::string(indent) + items[i];
  }
  text += "]";
}

namespace {

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
  if (!comparison.why_skipped.empty()) {
    json["why_skipped"] = comparison.why_skipped;
  }
  if (!comparison.known.empty()) {
    json["known"] = comparison.known;
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

}  // namespace

std::string case_json_text(const std::string& suite, const CaseResult& part, TimePoint start) {
  const Json facts = {{"suite", suite},
                      {"case", part.name},
                      {"description", part.description},
                      {"tags", part.tags},
                      {"detects", part.detects},
                      {"number", part.number},
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

}  // namespace nettest
