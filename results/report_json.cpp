// The report as "nettest.report/v1": the shape of nettest.simulate/v1 with what was seen added.
// Cases of all suites stand in one list, in order; `suites` says how many are whose.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "results/case_json.hpp"
#include "results/facts_json.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"

namespace nettest {

namespace {

Json known_json(const std::vector<KnownUse>& uses) {
  Json json = Json::array();
  for (const auto& use : uses) {
    json.push_back({{"entry", use.entry}, {"judged", use.judged}, {"deviating", use.deviating}});
  }
  return json;
}

Json suite_json(const SuiteResult& suite) {
  return {{"suite", suite.name},
          {"file", suite.file},
          {"cases", suite.cases.size()},
          {"chosen", suite.chosen},
          {"took_ms", ms(suite.took)},
          {"warnings", suite.warnings},
          {"error", error_json(suite.error)},
          {"counts", counts_json(count(suite))}};
}

/// The sending of the first attempt of a step; the end of time when there was none.
TimePoint first_sent(const StepResult& step) {
  TimePoint first = TimePoint::max();
  for (const auto& comparison : step.comparisons) {
    for (const auto& attempt : comparison.attempts) {
      first = std::min(first, attempt.sent);
    }
  }
  return first;
}

/// The sending of the first attempt: the zero of `sent_ms`.
TimePoint first_sent(const Report& report) {
  TimePoint first = TimePoint::max();
  for (const auto& suite : report.suites) {
    for (const auto& part : suite.cases) {
      for (const auto& step : part.steps) {
        first = std::min(first, first_sent(step));
      }
    }
  }
  return first == TimePoint::max() ? TimePoint{} : first;
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
      cases.push_back(case_json_text(suite.name, part, start));
    }
  }
  const Json head = {{"format", "nettest.report/v1"},
                     {"suite", join(names, ", ")},
                     {"exit_code", exit_code(report)},
                     {"run", facts_json(report.facts)},
                     {"known", known_json(report.known_uses)},
                     {"stale_known", report.stale_known},
                     {"counts", counts_json(count(report))},
                     {"enforcement_latency", latency_json(enforcement_latency(report))}};
  std::string text = "{" + members(head) + ",\n\"suites\":[";
  append_list(text, suites, " ");
  text += ",\n\"cases\":[";
  append_list(text, cases, " ");
  return text + "}\n";
}

}  // namespace nettest
