#include "harness/mutation/mutate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"
#include "harness/interrupt.hpp"
#include "harness/mutation/exhibition.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "harness/mutation/trial_lanes.hpp"
#include "suites/suite_writer.hpp"

namespace nettest {

namespace {

std::string reason_of(Trace trace, const std::string& unasked) {
  switch (trace) {
    case Trace::none:
      return "no step of the suite has anything that it could get wrong";
    case Trace::invisible:
      return "it changes rules, and nothing that a probe of this world could show";
    case Trace::undefined:
      return "it changes only what the documentation leaves open";
    case Trace::unasked:
      return "would show at " + unasked + ", which the suite does not ask";
    case Trace::shown:
      return "was expected to show, and did not on real packets";
  }
  return "";
}

Fate fate_of(Trace trace) {
  return trace == Trace::unasked || trace == Trace::shown ? Fate::survived : Fate::not_exercised;
}

std::string cell_text(const PlannedProbe& cell, Observed seen) {
  return to_string(cell.probe) + ": " + std::string(to_string(seen)) + ", must be " +
         std::string(to_string(cell.prediction.verdict));
}

/// The faults as they stand while suites are gone through.
class Mutating {
 public:
  Mutating(const std::vector<const Fault*>& faults, const MutationContext& context)
      : faults_(faults), context_(context), traces_(faults.size(), Trace::none) {
    for (const Fault* fault : faults) {
      Mutant mutant;
      mutant.fault = fault->name;
      mutant.bug_class = fault->bug_class;
      mutant.reason = "was not looked at: the run ended before";
      report_.mutants.push_back(std::move(mutant));
    }
  }

  Checked<void> against(const Suite& suite);
  /// Tells of what is not killed how it could be, or why it can't.
  void look_further();
  MutationReport take() { return std::move(report_); }

 private:
  using Open = std::vector<std::pair<std::size_t, Trial>>;
  Open rehearse(const Rehearsal& rehearsal, std::vector<std::pair<std::size_t, Trial>>& spare);
  bool try_out(const Suite& suite, const Rehearsal& rehearsal, const Open& open);
  void note(const Suite& suite,
            const Rehearsal& rehearsal,
            std::size_t index,
            const Trial& trial,
            const TrialEnd& end);
  void give_up(const std::string& why);
  [[nodiscard]] bool decided(std::size_t index) const {
    return report_.mutants[index].fate == Fate::killed;
  }

  const std::vector<const Fault*>& faults_;
  const MutationContext& context_;
  std::vector<Trace> traces_;
  std::optional<Capabilities> capabilities_;
  MutationReport report_;
  std::size_t done_ = 0;
};

/// The first place of each fault to try, and in `spare` the second.
Mutating::Open Mutating::rehearse(const Rehearsal& rehearsal, Open& spare) {
  Open open;
  for (std::size_t i = 0; i < faults_.size() && !interrupted(); ++i) {
    context_.on_progress("worked out on paper", i, faults_.size());
    if (decided(i)) {
      continue;
    }
    const Rehearsed found = rehearsal.rehearse(*faults_[i]);
    if (found.trace > traces_[i] || report_.mutants[i].fate == Fate::unclear) {
      traces_[i] = std::max(traces_[i], found.trace);
      report_.mutants[i].fate = fate_of(found.trace);
      report_.mutants[i].reason = reason_of(found.trace, found.unasked);
    }
    if (!found.showings.empty()) {
      open.push_back({i, {faults_[i], found.showings.front()}});
    }
    if (found.showings.size() > 1) {
      spare.push_back({i, {faults_[i], found.showings[1]}});
    }
  }
  return open;
}

void Mutating::note(const Suite& suite,
                    const Rehearsal& rehearsal,
                    std::size_t index,
                    const Trial& trial,
                    const TrialEnd& end) {
  Mutant& mutant = report_.mutants[index];
  const StagedCase& staged = rehearsal.cases()[trial.showing.case_index];
  if (!end.unclear.empty()) {
    mutant.fate = Fate::unclear;
    mutant.reason = "case \"" + staged.value->name + "\": " + end.unclear;
  } else if (end.cell) {
    mutant.fate = Fate::killed;
    mutant.reason.clear();
    mutant.suite = suite.name;
    mutant.case_name = staged.value->name;
    mutant.step_name = staged.value->steps[trial.showing.step_index].name;
    mutant.cell = cell_text(trial.showing.probes[*end.cell], end.seen);
  } else {
    mutant.fate = Fate::survived;
    mutant.reason = reason_of(Trace::shown, "");
  }
  context_.on_progress("tried on packets", ++done_, faults_.size());
}

void Mutating::give_up(const std::string& why) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (!decided(i) && traces_[i] == Trace::shown) {
      report_.mutants[i].fate = Fate::unclear;
      report_.mutants[i].reason = why;
    }
  }
}

/// False when there is no use in going on.
bool Mutating::try_out(const Suite& suite, const Rehearsal& rehearsal, const Open& open) {
  std::vector<Trial> trials;
  for (const auto& [index, trial] : open) {
    trials.push_back(trial);
  }
  const auto tried =
      run_trials({suite, rehearsal, trials, context_.jobs, context_.make_engine, context_.clock},
                 [&](std::size_t i, const TrialEnd& end) {
                   note(suite, rehearsal, open[i].first, open[i].second, end);
                 });
  if (!tried) {
    give_up(to_string(tried.error()));
  }
  return tried.has_value();
}

Checked<void> Mutating::against(const Suite& suite) {
  auto engine = context_.make_engine(0);
  if (!engine) {
    return tl::unexpected(Errors{engine.error()});
  }
  capabilities_ = (*engine)->engine().capabilities();
  const auto rehearsal = Rehearsal::of(suite, *capabilities_);
  if (!rehearsal) {
    return tl::unexpected(rehearsal.error());
  }
  Open spare;
  const Open open = rehearse(*rehearsal, spare);
  if (!try_out(suite, *rehearsal, open)) {
    return {};
  }
  std::erase_if(spare, [&](const auto& one) { return decided(one.first); });
  try_out(suite, *rehearsal, spare);
  return {};
}

void Mutating::look_further() {
  if (!capabilities_) {
    return;
  }
  Exhibition exhibition(*capabilities_);
  for (std::size_t i = 0; i < faults_.size() && !interrupted(); ++i) {
    Mutant& mutant = report_.mutants[i];
    context_.on_progress("looked up in the catalogue", i, faults_.size());
    if (mutant.fate == Fate::not_exercised && !faults_[i]->equivalent.empty()) {
      mutant.fate = Fate::equivalent;
      mutant.reason = faults_[i]->equivalent;
    } else if (mutant.fate == Fate::not_exercised) {
      const Case* const shows = exhibition.find(*faults_[i]);
      mutant.reason += shows == nullptr ? "; no case of the catalogue shows it either"
                                        : "; \"" + shows->name + "\" of the catalogue shows it";
    } else if (mutant.fate == Fate::survived) {
      if (const auto example = exhibition.example(*faults_[i])) {
        mutant.example = write_suite(*example);
      }
    }
  }
}

}  // namespace

Checked<MutationReport> mutate(const std::vector<Suite>& suites,
                               const std::vector<const Fault*>& faults,
                               const MutationContext& context) {
  const TimePoint start = context.clock.now();
  Mutating mutating(faults, context);
  std::vector<std::string> names;
  for (const Suite& suite : suites) {
    names.push_back(suite.name);
    if (interrupted()) {
      break;
    }
    if (auto done = mutating.against(suite); !done) {
      return tl::unexpected(done.error());
    }
  }
  mutating.look_further();
  MutationReport report = mutating.take();
  report.suites = join(names, ", ");
  report.nettest_version = std::string(version());
  report.interrupted = interrupted();
  report.took = context.clock.now() - start;
  return report;
}

}  // namespace nettest
