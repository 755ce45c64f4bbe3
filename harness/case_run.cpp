#include "harness/case_run.hpp"

#include <set>
#include <utility>

#include "harness/case_steps.hpp"
#include "harness/interrupt.hpp"

namespace nettest {

namespace {

/// Whether a step from `index` on takes pods, services or namespaces away.
bool takes_away(const Case& value, std::size_t index) {
  for (; index < value.steps.size(); ++index) {
    for (const auto& change : value.steps[index].changes) {
      if (std::holds_alternative<DeletePod>(change.action) ||
          std::holds_alternative<DeleteService>(change.action) ||
          std::holds_alternative<DeleteNamespace>(change.action)) {
        return true;
      }
    }
  }
  return false;
}

/// The order of calls of one case; what the calls do is in case_steps.
class CaseRun {
 public:
  CaseRun(const CaseContext& context, const Case& value)
      : context_(context), case_(value), progress_(context.progress) {
    result_ = skipped_case(value, "");
    ran_.resize(value.steps.size());
    progress_.step_count = value.steps.size();
  }

  CaseResult run() && {
    const TimePoint start = context_.clock.now();
    if (begin() && run_steps()) {
      control_after();
    }
    judge_all();
    result_.took = context_.clock.now() - start;
    return std::move(result_);
  }

 private:
  bool begin();
  bool run_steps();
  bool run_step(std::size_t index);
  void control_after();
  void control_of_the_gone(const std::vector<Probe>& paths);
  void judge_all();
  bool stop(std::size_t index, Error error);
  void tell(const std::string& phase, std::size_t probes);
  [[nodiscard]] SettleContext settling(std::size_t probes);
  [[nodiscard]] Result<void> step_allowed() const;

  const CaseContext& context_;
  const Case& case_;
  Progress progress_;
  CaseResult result_;
  std::vector<RanStep> ran_;
  ControlBook before_;
  ControlBook after_;
  /// The world after each step, where a later step takes something out of it.
  std::vector<World> worlds_;
};

void CaseRun::tell(const std::string& phase, std::size_t probes) {
  progress_.phase = phase;
  progress_.probes = probes;
  progress_.round = 0;
  progress_.waiting = probes;
  context_.observer.on_progress(progress_);
}

SettleContext CaseRun::settling(std::size_t probes) {
  progress_.probes = probes;
  Patience patience = context_.options.patience;
  if (context_.lane.engine().capabilities().synchronous) {
    patience.settle = std::min(patience.settle, context_.options.settle_synchronous);
  }
  return {context_.lane.engine(),
          context_.clock,
          context_.memory.round_trips,
          patience,
          [this](int round, std::size_t waiting) {
            progress_.round = round;
            progress_.waiting = waiting;
            context_.observer.on_progress(progress_);
          }};
}

// Puts the error where it came, and the reason into the steps that it keeps from running.
bool CaseRun::stop(std::size_t index, Error error) {
  const std::string why = error.kind == ErrorKind::interrupted
                              ? "interrupted"
                              : "step \"" + result_.steps[index].name + "\" failed";
  for (std::size_t i = index + 1; i < result_.steps.size(); ++i) {
    result_.steps[i].skipped = why;
  }
  result_.steps[index].error = std::move(error);
  return false;
}

bool CaseRun::begin() {
  if (result_.steps.empty()) {
    return false;
  }
  tell("reset", 0);
  if (auto bare = context_.lane.make_bare(); !bare) {
    return stop(0, bare.error());
  }
  LaneMemory& memory = context_.memory;
  if (memory.generation != context_.lane.generation()) {
    memory.controls.forget();
    memory.generation = context_.lane.generation();
  }
  const auto paths = paths_of_case(context_.suite, case_, context_.lane);
  if (!paths) {
    return stop(0, paths.error());
  }
  tell("baseline", paths->size());
  const auto settled = take_controls(settling(paths->size()),
                                     context_.lane.state(),
                                     context_.lane.addresses(),
                                     *paths,
                                     memory.controls);
  before_ = memory.controls;
  return !settled.error || stop(0, settled.error->while_doing("baseline without policies"));
}

bool CaseRun::run_steps() {
  for (std::size_t i = 0; i < case_.steps.size(); ++i) {
    if (!run_step(i)) {
      return false;
    }
  }
  return true;
}

bool CaseRun::run_step(std::size_t index) {
  progress_.step_number = index + 1;
  progress_.step_name = case_.steps[index].name;
  StepResult& result = result_.steps[index];
  RanStep& ran = ran_[index];
  const TimePoint start = context_.clock.now();
  tell("change", 0);
  if (auto begun = start_step(context_.suite, case_.steps[index], context_.lane, before_); begun) {
    ran = std::move(*begun);
  } else {
    return stop(index, begun.error());
  }
  ran.changed = context_.clock.now();
  if (takes_away(case_, index + 1)) {
    worlds_.push_back(context_.lane.state().world);
  }
  tell("probe", ran.inquiries.size());
  auto settled = settle(settling(ran.inquiries.size()), ran.inquiries);
  ran.not_caught_up = settled.error ? "" : fence_trouble(ran, context_.lane);
  result.rounds = settled.rounds;
  result.took = context_.clock.now() - start;
  return !settled.error || stop(index, std::move(*settled.error));
}

void CaseRun::control_after() {
  const auto paths = paths_to_control(ran_);
  progress_.step_name.clear();
  tell("control", paths.size());
  const std::size_t last = result_.steps.size() - 1;
  if (auto deleted = context_.lane.delete_policies(); !deleted) {
    stop(last, deleted.error().while_doing("delete the policies of the case"));
    return;
  }
  auto settled = take_controls(
      settling(paths.size()), context_.lane.state(), context_.lane.addresses(), paths, after_);
  if (settled.error) {
    stop(last, settled.error->while_doing("control after the policies were gone"));
  }
  if (!context_.lane.world_touched()) {
    context_.memory.controls.update(after_);
  }
  if (!settled.error) {
    control_of_the_gone(paths);
  }
}

// A path whose end came and went within the case is open in neither the first nor the last world:
// it is asked in the world that had it, made once more without policies.
void CaseRun::control_of_the_gone(const std::vector<Probe>& paths) {
  for (auto world = worlds_.rbegin(); world != worlds_.rend(); ++world) {
    std::vector<Probe> gone;
    for (const auto& path : paths) {
      if (before_.of(path) == Control::impossible && after_.of(path) == Control::impossible &&
          ends_exist(path, *world)) {
        gone.push_back(path);
      }
    }
    if (gone.empty()) {
      continue;
    }
    ControlBook again;
    const auto made = context_.lane.apply(difference(context_.lane.state(), {*world, {}}));
    const auto settled = made ? take_controls(settling(gone.size()),
                                              context_.lane.state(),
                                              context_.lane.addresses(),
                                              gone,
                                              again)
                              : Settled{.error = made.error()};
    if (settled.error) {
      stop(result_.steps.size() - 1,
           settled.error->while_doing("control of what was there for some steps only"));
      return;
    }
    after_.update(again);
  }
}

void CaseRun::judge_all() {
  for (std::size_t i = 0; i < ran_.size(); ++i) {
    result_.steps[i].comparisons =
        judge_step(std::move(ran_[i]), before_, after_, context_.lane.engine());
  }
}

}  // namespace

CaseResult skipped_case(const Case& value, const std::string& why) {
  CaseResult result;
  result.name = value.name;
  result.description = value.description;
  result.tags = value.tags;
  result.detects = value.detects;
  for (const auto& step : value.steps) {
    StepResult skipped;
    skipped.name = step.name;
    skipped.description = step.description;
    for (const auto& change : step.changes) {
      skipped.changes.push_back(describe(change));
    }
    skipped.skipped = why;
    result.steps.push_back(std::move(skipped));
  }
  return result;
}

CaseResult run_case(const CaseContext& context, const Case& value) {
  return CaseRun(context, value).run();
}

}  // namespace nettest
