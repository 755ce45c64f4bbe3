#include <array>
#include <cmath>
#include <stdexcept>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/probe_json.hpp"

namespace nettest {

namespace {

constexpr std::string_view kFamily = "nettest.report/v";
constexpr int kMajor = 1;
constexpr std::array kAgreements = {Agreement::match, Agreement::mismatch, Agreement::inconclusive};
constexpr std::array kControls = {
    Control::open, Control::not_open, Control::not_done, Control::impossible};

Duration duration_from(const Json& value) {
  constexpr double kNanosecondsPerMs = 1e6;
  constexpr double kLongestMs = 9e12;
  const double ms = value.get<double>();
  if (!(std::abs(ms) < kLongestMs)) {
    throw std::invalid_argument("a duration is out of range");
  }
  return Duration(std::llround(ms * kNanosecondsPerMs));
}

std::vector<std::string> texts_from(const Json& value) {
  return value.get<std::vector<std::string>>();
}

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

std::optional<Error> error_from(const Json& value) {
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

Attempt attempt_from(const Json& value) {
  Attempt attempt;
  const auto signal = parse_signal(value.at("signal").get_ref<const std::string&>());
  if (!signal) {
    throw std::invalid_argument("signal " + line_of(value.at("signal")) + " is not known");
  }
  attempt.signal = *signal;
  attempt.sent = TimePoint(duration_from(value.at("sent_ms")));
  attempt.took = duration_from(value.at("took_ms"));
  attempt.timeout = duration_from(value.at("timeout_ms"));
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
  const auto& controls = value.at("controls");
  comparison.controls.before = word_from_json<Control>(controls.at("before"), "control", kControls);
  comparison.controls.after = word_from_json<Control>(controls.at("after"), "control", kControls);
  comparison.late = value.at("late").get<bool>();
  comparison.flapping = value.at("flapping").get<bool>();
  if (const auto found = value.find("enforcement_latency_ms"); found != value.end()) {
    comparison.enforcement_latency = duration_from(*found);
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
  step.changes = texts_from(value.at("changes"));
  step.took = duration_from(value.at("took_ms"));
  step.rounds = number_from_json<int>(value.at("rounds"), "rounds");
  step.error = error_from(value.at("error"));
  step.skipped = value.at("skipped").get<std::string>();
  for (const auto& probe : value.at("probes")) {
    step.comparisons.push_back(comparison_from(probe));
  }
  return step;
}

CaseResult case_from(const Json& value) {
  CaseResult part;
  part.name = value.at("case").get<std::string>();
  part.description = value.at("description").get<std::string>();
  part.tags = texts_from(value.at("tags"));
  part.took = duration_from(value.at("took_ms"));
  for (const auto& step : value.at("steps")) {
    part.steps.push_back(step_from(step));
  }
  return part;
}

RunFacts facts_from(const Json& value) {
  RunFacts facts;
  facts.run_id = value.at("run_id").get<std::string>();
  facts.nettest_version = value.at("nettest_version").get<std::string>();
  facts.engine = value.at("engine").get<std::string>();
  for (const auto& [name, version] : value.at("versions").items()) {
    facts.versions[name] = version.get<std::string>();
  }
  const auto started = parse_utc(value.at("started").get_ref<const std::string&>());
  if (!started) {
    throw std::invalid_argument("started " + line_of(value.at("started")) +
                                " is not a time of the form 2026-01-31T12:00:00.000000000Z");
  }
  facts.started = *started;
  facts.took = duration_from(value.at("took_ms"));
  facts.hostname = value.at("hostname").get<std::string>();
  facts.faults = texts_from(value.at("faults"));
  facts.interrupted = value.at("interrupted").get<bool>();
  facts.warnings = texts_from(value.at("warnings"));
  return facts;
}

Report report_from(const Json& value) {
  Report report;
  report.facts = facts_from(value.at("run"));
  const auto& cases = value.at("cases");
  std::size_t next = 0;
  for (const auto& item : value.at("suites")) {
    SuiteResult suite;
    suite.name = item.at("suite").get<std::string>();
    suite.file = item.at("file").get<std::string>();
    suite.took = duration_from(item.at("took_ms"));
    suite.warnings = texts_from(item.at("warnings"));
    suite.error = error_from(item.at("error"));
    const auto number = number_from_json<std::size_t>(item.at("cases"), "cases");
    for (std::size_t i = 0; i < number; ++i) {
      suite.cases.push_back(case_from(cases.at(next++)));
    }
    report.suites.push_back(std::move(suite));
  }
  if (next != cases.size()) {
    throw std::invalid_argument("there are more cases than the suites have together");
  }
  return report;
}

/// Says what is wrong with the format word; empty when it can be read.
std::string format_trouble(const Json& value) {
  const auto found = value.is_object() ? value.find("format") : value.end();
  if (!value.is_object() || found == value.end() || !found->is_string()) {
    return "this is no nettest report: it has no \"format\"; write one with nettest run --json F";
  }
  const auto& format = found->get_ref<const std::string&>();
  const std::string shown = "\"" + printable(format) + "\"";
  if (format.rfind(kFamily, 0) != 0) {
    return "this is no nettest report: its format is " + shown + ", wanted \"nettest.report/v1\"";
  }
  if (format != std::string(kFamily) + std::to_string(kMajor)) {
    return "this report was written by another nettest: its format is " + shown +
           ", this one reads \"nettest.report/v1\"; use the nettest that wrote it";
  }
  return "";
}

}  // namespace

Result<Report> parse_report_json(std::string_view text) {
  try {
    const Json value = Json::parse(text);
    if (const std::string trouble = format_trouble(value); !trouble.empty()) {
      return fail(ErrorKind::usage, trouble);
    }
    return report_from(value);
  } catch (const nlohmann::json::parse_error& error) {
    const bool truncated = error.byte > text.size();
    return fail(ErrorKind::usage,
                truncated ? "the report ends in the middle (after " + std::to_string(text.size()) +
                                " bytes): it is cut off, or the run is still writing it"
                          : "the report is no JSON at byte " + std::to_string(error.byte) + ": " +
                                printable(error.what(), 200));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage,
                "the report is not as nettest writes it: " + printable(error.what(), 200));
  } catch (const std::invalid_argument& error) {
    return fail(ErrorKind::usage,
                "the report is not as nettest writes it: " + printable(error.what(), 200));
  }
}

}  // namespace nettest
