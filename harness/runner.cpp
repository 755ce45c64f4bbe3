#include "harness/runner.hpp"

#include <algorithm>
#include <utility>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "harness/interrupt.hpp"
#include "harness/lane_run.hpp"

namespace nettest {

namespace {

/// The step most worth looking at: the first mismatch, else the first that could
/// not be judged, else the last that was run.
struct Remarkable {
  std::size_t case_index = 0;
  std::size_t step_index = 0;
};

int remarkableness(const StepResult& step) {
  const Counts counts = count(step);
  if (counts.mismatched > 0) {
    return 3;
  }
  if (counts.inconclusive > 0) {
    return 2;
  }
  return step.skipped.empty() && !step.error ? 1 : 0;
}

Remarkable most_remarkable(const SuiteResult& result) {
  Remarkable found;
  int best = 0;
  for (std::size_t i = 0; i < result.cases.size(); ++i) {
    for (std::size_t j = 0; j < result.cases[i].steps.size(); ++j) {
      const int value = remarkableness(result.cases[i].steps[j]);
      // Among steps without trouble the last one stands already.
      if (value > best || (value == best && value == 1)) {
        best = value;
        found = {i, j};
      }
    }
  }
  return found;
}

class SuiteRun {
 public:
  SuiteRun(const Suite& suite,
           Engine& engine,
           Clock& clock,
           const RunOptions& options,
           const RunObserver& observer)
      : clock_(clock),
        options_(options),
        observer_(observer),
        cases_(choose_cases(suite, options)),
        lane_(suite, engine, clock, options, observer),
        result_(begun_result(suite, options)) {
    progress_.suite = suite.name;
    progress_.case_count = cases_.size();
  }

  SuiteResult run() && {
    const TimePoint start = clock_.now();
    for (const auto& chosen : cases_) {
      ++progress_.case_number;
      CaseResult result = lane_.run(chosen, progress_);
      options_.finish_case(result);
      result_.cases.push_back(std::move(result));
      for (const auto& step : result_.cases.back().steps) {
        observer_.on_step(result_.cases.back(), step);
      }
      observer_.on_case(result_.cases.back());
      ++progress_.finished;
      progress_.mismatches += count(result_.cases.back()).mismatched;
    }
    if (!options_.keep || interrupted() || lane_.hopeless() || !stand()) {
      lane_.remove(progress_);
    }
    add_lane(result_, {lane_.error(), lane_.warnings()});
    result_.took = clock_.now() - start;
    return std::move(result_);
  }

 private:
  bool stand();

  Clock& clock_;
  const RunOptions& options_;
  const RunObserver& observer_;
  std::vector<ChosenCase> cases_;
  LaneRun lane_;
  Progress progress_;
  SuiteResult result_;
};

bool SuiteRun::stand() {
  if (cases_.empty()) {
    return false;
  }
  const auto [case_index, step_index] = most_remarkable(result_);
  if (!lane_.stand_as_in(*cases_[case_index].value, step_index)) {
    return false;
  }
  const CaseResult& kept = result_.cases[case_index];
  if (step_index < kept.steps.size()) {
    observer_.on_kept(kept, kept.steps[step_index]);
  }
  return true;
}

}  // namespace

bool is_selected(const Case& value, const std::vector<std::string>& globs) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return glob_matches(glob, value.name);
         });
}

bool is_of_shard(const std::string& case_name, const Shard& shard) {
  return stable_hash(case_name) % shard.count == shard.index - 1;
}

std::vector<ChosenCase> choose_cases(const Suite& suite, const RunOptions& options) {
  std::vector<ChosenCase> chosen;
  std::size_t number = 0;
  for (const auto& value : suite.cases) {
    if (!is_selected(value, options.cases)) {
      continue;
    }
    ++number;
    const bool ours = !options.shard || is_of_shard(value.name, *options.shard);
    if (ours && !options.done.contains({suite.name, number})) {
      chosen.push_back({&value, number});
    }
  }
  return chosen;
}

SuiteResult begun_result(const Suite& suite, const RunOptions& options) {
  SuiteResult result;
  result.name = suite.name;
  result.file = suite.file;
  for (const auto& warning : suite.warnings) {
    result.warnings.push_back(to_string(warning));
  }
  result.chosen = static_cast<std::size_t>(
      std::count_if(suite.cases.begin(), suite.cases.end(), [&](const Case& value) {
        return is_selected(value, options.cases);
      }));
  return result;
}

void add_lane(SuiteResult& result, const LaneEnd& end) {
  const auto add_warning = [&](const std::string& text) {
    auto& all = result.warnings;
    if (std::find(all.begin(), all.end(), text) == all.end()) {
      all.push_back(text);
    }
  };
  if (end.error && !result.error) {
    result.error = end.error;
  } else if (end.error && to_string(*end.error) != to_string(*result.error)) {
    add_warning(to_string(*end.error));
  }
  for (const auto& warning : end.warnings) {
    add_warning(warning);
  }
}

SuiteResult run_suite(const Suite& suite,
                      Engine& engine,
                      Clock& clock,
                      const RunOptions& options,
                      const RunObserver& observer) {
  return SuiteRun(suite, engine, clock, options, observer).run();
}

}  // namespace nettest
