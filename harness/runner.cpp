#include "harness/runner.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "harness/case_run.hpp"
#include "harness/interrupt.hpp"
#include "harness/lane.hpp"

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
      : suite_(suite),
        clock_(clock),
        options_(options),
        observer_(observer),
        lane_(suite.world, engine, clock, options) {
    result_.name = suite.name;
    result_.file = suite.file;
    for (const auto& warning : suite.warnings) {
      result_.warnings.push_back(to_string(warning));
    }
    progress_.suite = suite.name;
    for (const auto& value : suite.cases) {
      if (is_selected(value, options.cases)) {
        cases_.push_back(&value);
      }
    }
    progress_.case_count = cases_.size();
  }

  SuiteResult run() && {
    const TimePoint start = clock_.now();
    run_cases();
    if (!options_.keep || interrupted() || lane_.hopeless() || !stand_as_in(result_)) {
      remove();
    }
    result_.took = clock_.now() - start;
    return std::move(result_);
  }

 private:
  void run_cases();
  void note_error(const Error& error);
  void warn_of_given_addresses();
  bool stand_as_in(const SuiteResult& result);
  void remove();

  const Suite& suite_;
  Clock& clock_;
  const RunOptions& options_;
  const RunObserver& observer_;
  Lane lane_;
  LaneMemory memory_;
  Progress progress_;
  std::vector<const Case*> cases_;
  SuiteResult result_;
};

void SuiteRun::note_error(const Error& error) {
  if (!result_.error) {
    result_.error = error;
  } else {
    result_.warnings.push_back(to_string(error));
  }
}

void SuiteRun::run_cases() {
  progress_.phase = "deploy";
  observer_.on_progress(progress_);
  if (auto deployed = lane_.make_bare(); deployed) {
    warn_of_given_addresses();
  } else {
    result_.error = deployed.error();
  }
  for (const auto* value : cases_) {
    ++progress_.case_number;
    progress_.case_name = value->name;
    if (interrupted() || lane_.hopeless()) {
      result_.cases.push_back(
          skipped_case(*value, interrupted() ? "interrupted" : "the world could not be deployed"));
      for (const auto& step : result_.cases.back().steps) {
        observer_.on_step(result_.cases.back(), step);
      }
      continue;
    }
    result_.cases.push_back(
        run_case({suite_, lane_, clock_, options_, memory_, observer_, progress_}, *value));
  }
}

// An engine that assigns its own addresses ignores those that the suite gives.
void SuiteRun::warn_of_given_addresses() {
  std::size_t ignored = 0;
  std::string example;
  for (const auto& pod : suite_.world.pods) {
    const auto given = lane_.addresses().pods.find(pod.id);
    if (pod.ips.empty() || given == lane_.addresses().pods.end() || given->second == pod.ips) {
      continue;
    }
    ++ignored;
    if (example.empty()) {
      example = to_string(pod.id);
    }
  }
  if (ignored > 0) {
    result_.warnings.push_back("the engine gives addresses of its own: `ips` of " +
                               std::to_string(ignored) + " pod(s) (" + example +
                               (ignored > 1 ? ", …" : "") + ") are ignored");
  }
}

bool SuiteRun::stand_as_in(const SuiteResult& result) {
  if (cases_.empty()) {
    return false;
  }
  const auto [case_index, step_index] = most_remarkable(result);
  const Case& value = *cases_[case_index];
  auto made = lane_.make_bare();
  for (std::size_t i = 0; made && i <= step_index && i < value.steps.size(); ++i) {
    made = lane_.apply(value.steps[i].changes);
  }
  if (!made) {
    note_error(made.error().while_doing("bring back the world to look at"));
    return false;
  }
  const CaseResult& kept = result_.cases[case_index];
  if (step_index < kept.steps.size()) {
    observer_.on_kept(kept, kept.steps[step_index]);
  }
  return true;
}

void SuiteRun::remove() {
  progress_.phase = "remove";
  progress_.step_name.clear();
  observer_.on_progress(progress_);
  if (auto removed = lane_.remove(); !removed) {
    note_error(removed.error());
  }
}

}  // namespace

bool is_selected(const Case& value, const std::vector<std::string>& globs) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return glob_matches(glob, value.name);
         });
}

SuiteResult run_suite(const Suite& suite,
                      Engine& engine,
                      Clock& clock,
                      const RunOptions& options,
                      const RunObserver& observer) {
  return SuiteRun(suite, engine, clock, options, observer).run();
}

}  // namespace nettest
