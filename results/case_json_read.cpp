#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "results/case_json.hpp"

namespace nettest {

namespace {

ErrorKind kind_from(const std::string& word) {
  constexpr std::array<std::pair<std::string_view, ErrorKind>, 5> kKinds = {
      {{"usage", ErrorKind::usage},
       {"suite", ErrorKind::suite},
       {"unsupported", ErrorKind::unsupported},
       {"engine", ErrorKind::engine},
       {"interrupted", ErrorKind::interrupted}}};
  for (const auto& [name, kind] : kKinds) {
    if (name == word) {
      return kind;
    }
  }
  throw std::invalid_argument("error kind \"" + word + "\" is not known");
}

}  // namespace

Duration duration_from_json(const Json& value) {
  constexpr double kNanosecondsPerMs = 1e6;
  constexpr double kLongestMs = 9e12;
  const double number = value.get<double>();
  if (!(std::abs(number) < kLongestMs)) {
    throw std::invalid_argument("a duration is out of range");
  }
  return Duration(std::llround(number * kNanosecondsPerMs));
}

std::vector<std::string> texts_from_json(const Json& value) {
  return value.get<std::vector<std::string>>();
}

std::optional<Error> error_from_json(const Json& value) {
  if (value.is_null()) {
    return std::nullopt;
  }
  Error error{kind_from(value.at("kind").get<std::string>()),
              value.at("message").get<std::string>(),
              std::nullopt};
  if (const auto where = value.find("where"); where != value.end()) {
    error.where = location_from_json(*where);
  }
  return error;
}

namespace {

constexpr std::array kAgreements = {
    Agreement::match, Agreement::mismatch, Agreement::inconclusive, Agreement::skipped};
constexpr std::array kControls = {
    Control::open, Control::not_open, Control::not_done, Control::impossible};

Attempt attempt_from(const Json& value) {
  Attempt attempt;
  const auto signal = parse_signal(value.at("signal").get_ref<const std::string&>());
  if (!signal) {
    throw std::invalid_argument("signal " + line_of(value.at("signal")) + " is not known");
  }
  attempt.signal = *signal;
  attempt.sent = TimePoint(duration_from_json(value.at("sent_ms")));
  attempt.took = duration_from_json(value.at("took_ms"));
  attempt.timeout = duration_from_json(value.at("timeout_ms"));
  attempt.answered_by = value.value("answered_by", "");
  attempt.detail = value.value("detail", "");
  return attempt;
}

Comparison comparison_from(const Json& value) {
  Comparison comparison;
  comparison.probe = probe_from_json(value);
  comparison.prediction = prediction_from_json(value);
  comparison.expectation = value.value("expectation", "");
  comparison.agreement = word_from_json<Agreement>(value.at("agreement"), "agreement", kAgreements);
  comparison.why_inconclusive = value.value("why_inconclusive", "");
  comparison.why_skipped = value.value("why_skipped", "");
  comparison.known = value.value("known", "");
  const auto& controls = value.at("controls");
  comparison.controls.before = word_from_json<Control>(controls.at("before"), "control", kControls);
  comparison.controls.after = word_from_json<Control>(controls.at("after"), "control", kControls);
  comparison.late = value.at("late").get<bool>();
  comparison.flapping = value.at("flapping").get<bool>();
  if (const auto found = value.find("enforcement_latency_ms"); found != value.end()) {
    comparison.enforcement_latency = duration_from_json(*found);
  }
  for (const auto& attempt : value.at("attempts")) {
    comparison.attempts.push_back(attempt_from(attempt));
  }
  comparison.reproduce = value.value("reproduce", "");
  return comparison;
}

StepResult step_from(const Json& value) {
  StepResult step;
  step.name = value.at("step").get<std::string>();
  step.description = value.at("description").get<std::string>();
  step.changes = texts_from_json(value.at("changes"));
  step.took = duration_from_json(value.at("took_ms"));
  step.rounds = number_from_json<int>(value.at("rounds"), "rounds");
  step.error = error_from_json(value.at("error"));
  step.skipped = value.at("skipped").get<std::string>();
  for (const auto& probe : value.at("probes")) {
    step.comparisons.push_back(comparison_from(probe));
  }
  return step;
}

}  // namespace

CaseResult case_from_json(const Json& value) {
  CaseResult part;
  part.name = value.at("case").get<std::string>();
  part.description = value.at("description").get<std::string>();
  part.tags = texts_from_json(value.at("tags"));
  part.detects = value.value("detects", std::vector<std::string>());
  part.number = value.value("number", std::size_t{0});
  part.took = duration_from_json(value.at("took_ms"));
  for (const auto& step : value.at("steps")) {
    part.steps.push_back(step_from(step));
  }
  return part;
}

}  // namespace nettest
