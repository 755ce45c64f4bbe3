#include "harness/lane_run.hpp"

#include <algorithm>
#include <utility>

#include "harness/case_steps.hpp"
#include "harness/interrupt.hpp"
#include "harness/preflight.hpp"

namespace nettest {

LaneRun::LaneRun(const Suite& suite,
                 Engine& engine,
                 Clock& clock,
                 const RunOptions& options,
                 const RunObserver& observer)
    : suite_(suite),
      clock_(clock),
      options_(options),
      observer_(observer),
      lane_(suite.world, engine, clock, options) {}

void LaneRun::note_error(const Error& error) {
  if (!error_) {
    error_ = error;
  } else {
    warnings_.push_back(to_string(error));
  }
}

void LaneRun::begin(Progress progress) {
  begun_ = true;
  progress.phase = "deploy";
  observer_.on_progress(progress);
  if (auto deployed = lane_.make_bare(); !deployed) {
    error_ = deployed.error();
    return;
  }
  warn_of_given_addresses();
  const SettleContext context{lane_.engine(),
                              clock_,
                              memory_.round_trips,
                              options_.patience,
                              [](int /*round*/, std::size_t /*waiting*/) {}};
  if (auto enforced = preflight(lane_, context); !enforced) {
    error_ = enforced.error();
    why_not_ = error_->message.starts_with(kNotEnforced) ? std::string(kNotEnforced) : "";
  }
}

CaseResult LaneRun::run(const ChosenCase& chosen, Progress progress) {
  if (!begun_ && !interrupted()) {
    begin(progress);
  }
  if (lane_.hopeless() && why_not_.empty()) {
    why_not_ = "the world could not be deployed";
  }
  CaseResult result;
  if (const auto unmet = unmet_need(*chosen.value, lane_.engine().capabilities()); !unmet.empty()) {
    result = skipped_case(*chosen.value, unmet);
  } else if (interrupted() || hopeless()) {
    result = skipped_case(*chosen.value, interrupted() ? "interrupted" : why_not_);
  } else {
    progress.case_name = chosen.value->name;
    result =
        run_case({suite_, lane_, clock_, options_, memory_, observer_, progress}, *chosen.value);
  }
  result.number = chosen.number;
  return result;
}

// An engine that assigns its own addresses ignores those that the suite gives.
void LaneRun::warn_of_given_addresses() {
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
    warnings_.push_back("the engine gives addresses of its own: `ips` of " +
                        std::to_string(ignored) + " pod(s) (" + example +
                        (ignored > 1 ? ", …" : "") + ") are ignored");
  }
}

bool LaneRun::stand_as_in(const Case& value, std::size_t step_index) {
  auto made = lane_.make_bare();
  for (std::size_t i = 0; made && i <= step_index && i < value.steps.size(); ++i) {
    made = lane_.apply(value.steps[i].changes);
  }
  if (!made) {
    note_error(made.error().while_doing("bring back the world to look at"));
    return false;
  }
  return true;
}

void LaneRun::remove(Progress progress) {
  progress.phase = "remove";
  progress.step_name.clear();
  observer_.on_progress(progress);
  if (auto removed = lane_.remove(); !removed) {
    note_error(removed.error());
  }
}

}  // namespace nettest
