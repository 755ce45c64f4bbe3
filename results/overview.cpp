#include "results/overview.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "results/findings.hpp"
#include "results/format.hpp"
#include "suites/bug_class.hpp"

namespace nettest {

namespace {

void for_each_case(const Report& report, const std::function<void(const CaseResult&)>& visit) {
  for (const auto& suite : report.suites) {
    for (const auto& part : suite.cases) {
      visit(part);
    }
  }
}

void note(TagRow& row, Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      ++row.passed;
      return;
    case Outcome::failed:
      ++row.failed;
      return;
    case Outcome::known:
      ++row.known;
      return;
    case Outcome::unclear:
      ++row.unclear;
      return;
    case Outcome::skipped:
      ++row.skipped;
      return;
  }
}

std::set<std::string> features_of(const CaseResult& part) {
  std::set<std::string> features;
  for (const auto& tag : part.tags) {
    features.insert("tag " + tag);
  }
  for (const auto& code : part.detects) {
    const BugClass* const known = find_bug_class(code);
    features.insert("bug class " + code +
                    (known == nullptr ? "" : " (" + std::string(known->name) + ")"));
  }
  return features;
}

/// How well the feature tells failing cases from others: the harmonic mean of the share of
/// failing cases that have it and the share of cases with it that fail.
double telling(const SharedFeature& shared) {
  return 2.0 * static_cast<double>(shared.failing) /
         static_cast<double>(shared.all_failing + shared.all_with);
}

}  // namespace

std::vector<TagRow> tag_table(const Report& report) {
  std::map<std::string, TagRow> rows;
  for_each_case(report, [&](const CaseResult& part) {
    const Outcome outcome = outcome_of(count(part));
    for (const auto& tag : part.tags) {
      auto& row = rows[tag];
      row.tag = tag;
      note(row, outcome);
    }
  });
  std::vector<TagRow> table;
  table.reserve(rows.size());
  for (auto& [tag, row] : rows) {
    table.push_back(std::move(row));
  }
  return table;
}

std::vector<SharedFeature> shared_by_failures(const Report& report, std::size_t limit) {
  std::map<std::string, SharedFeature> features;
  std::size_t failing = 0;
  std::size_t cases = 0;
  for_each_case(report, [&](const CaseResult& part) {
    const bool fails = outcome_of(count(part)) == Outcome::failed;
    ++cases;
    failing += fails ? 1U : 0U;
    for (const auto& feature : features_of(part)) {
      auto& shared = features[feature];
      ++shared.all_with;
      shared.failing += fails ? 1U : 0U;
    }
  });
  std::vector<SharedFeature> found;
  for (auto& [name, shared] : features) {
    shared.feature = name;
    shared.all_failing = failing;
    if (shared.failing >= 2 && shared.all_with < cases) {
      found.push_back(shared);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return telling(a) > telling(b);
  });
  found.resize(std::min(found.size(), limit));
  return found;
}

std::vector<SlowStep> slowest_steps(const Report& report, std::size_t limit) {
  std::vector<SlowStep> steps;
  for_each_case(report, [&](const CaseResult& part) {
    for (const auto& step : part.steps) {
      steps.push_back({part.name + ", step \"" + step.name + "\"", step.took});
    }
  });
  std::stable_sort(steps.begin(), steps.end(), [](const SlowStep& a, const SlowStep& b) {
    return a.took > b.took;
  });
  steps.resize(std::min(steps.size(), limit));
  return steps;
}

std::vector<std::string> skip_reasons(const Report& report) {
  std::map<std::string, std::size_t> steps;
  std::map<std::string, std::size_t> probes;
  for_each_case(report, [&](const CaseResult& part) {
    for (const auto& step : part.steps) {
      if (!step.skipped.empty()) {
        ++steps[step.skipped];
      }
      for (const auto& comparison : step.comparisons) {
        if (!comparison.why_skipped.empty()) {
          ++probes[comparison.why_skipped];
        }
      }
    }
  });
  std::vector<std::string> texts;
  for (const auto& [reason, number] : steps) {
    texts.push_back(counted(number, "step") + ": " + one_line(reason));
  }
  for (const auto& [reason, number] : probes) {
    texts.push_back(counted(number, "probe") + ": " + one_line(reason));
  }
  return texts;
}

}  // namespace nettest
