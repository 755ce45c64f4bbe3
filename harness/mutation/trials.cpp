#include "harness/mutation/trials.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/interrupt.hpp"

namespace nettest {

namespace {

/// First looks are short; a wrong answer is asked again, with time for a busy machine.
constexpr Duration kFirstLook = std::chrono::milliseconds(250);
constexpr Duration kSecondLook = std::chrono::milliseconds(400);
/// How long a step may take to become as predicted, as in a run: what comes later is wrong.
constexpr Duration kSettle = std::chrono::seconds(1);

Observed wanted(const PlannedProbe& probe) {
  return probe.prediction.verdict == Verdict::allowed ? Observed::allowed : Observed::blocked;
}

}  // namespace

std::vector<Errand> errands_of(const std::vector<Trial>& trials) {
  std::map<std::pair<std::size_t, std::size_t>, Errand> by_step;
  std::vector<Errand> errands;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].fault->kind == FaultKind::dynamic) {
      errands.push_back({i});
    } else {
      by_step[{trials[i].showing.case_index, trials[i].showing.step_index}].push_back(i);
    }
  }
  for (auto& [place, errand] : by_step) {
    errands.push_back(std::move(errand));
  }
  return errands;
}

TrialWorld::TrialWorld(const Suite& suite,
                       const Rehearsal& rehearsal,
                       const std::vector<Trial>& trials,
                       FaultableEngine& faultable,
                       Clock& clock)
    : rehearsal_(rehearsal),
      trials_(trials),
      faultable_(faultable),
      clock_(clock),
      lane_(suite.world, faultable.engine(), clock, options_) {}

Result<void> TrialWorld::remove() {
  faultable_.commit(nullptr);
  return lane_.remove();
}

Result<std::vector<TrialEnd>> TrialWorld::carry_out(const Errand& errand) {
  if (interrupted()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  return trials_[errand.front()].fault->kind == FaultKind::dynamic
             ? from_the_beginning(errand.front())
             : at_one_step(errand);
}

Result<std::vector<Observed>> TrialWorld::ask(const std::vector<PlannedProbe>& probes,
                                              Duration timeout) {
  std::vector<Question> questions;
  for (const PlannedProbe& probe : probes) {
    const int factor = probe.probe.client == Client::wget ? 2 : 1;
    questions.push_back({probe.probe, timeout * factor});
  }
  auto attempts = faultable_.engine().probe(questions);
  if (!attempts) {
    return tl::unexpected(attempts.error());
  }
  std::vector<Observed> seen;
  for (const Attempt& attempt : *attempts) {
    seen.push_back(observed(attempt.signal));
  }
  return seen;
}

/// Asks without any fault; says what is not as predicted, or nothing.
Result<std::string> TrialWorld::unfaulted(const std::vector<PlannedProbe>& probes) {
  faultable_.commit(nullptr);
  std::vector<Inquiry> inquiries;
  for (const PlannedProbe& probe : probes) {
    Inquiry inquiry;
    inquiry.probe = probe.probe;
    inquiry.predicted = probe.prediction.verdict;
    inquiry.dns_blocks = true;
    inquiries.push_back(std::move(inquiry));
  }
  Patience patience;
  patience.settle = kSettle;
  const auto settled = settle_once(
      {faultable_.engine(), clock_, round_trips_, patience, [](int, std::size_t) {}}, inquiries);
  if (settled.error) {
    return tl::unexpected(*settled.error);
  }
  for (const Inquiry& inquiry : inquiries) {
    if (!as_predicted(inquiry)) {
      return "without any fault, " + to_string(inquiry.probe) + " was not as predicted";
    }
  }
  return std::string();
}

/// Asks while the fault is committed, twice.
Result<TrialEnd> TrialWorld::look(const Trial& trial) {
  const auto& probes = trial.showing.probes;
  const auto first = ask(probes, kFirstLook);
  if (!first) {
    return tl::unexpected(first.error());
  }
  if (trial.fault->make().overdue) {
    // Late is not wrong before the time is over that a step has.
    if (!clock_.sleep_until(clock_.now() + kSettle)) {
      return fail(ErrorKind::interrupted, "interrupted");
    }
  }
  const auto second = ask(probes, kSecondLook);
  if (!second) {
    return tl::unexpected(second.error());
  }
  TrialEnd end;
  for (std::size_t i = 0; i < probes.size() && !end.cell; ++i) {
    const Observed seen = (*first)[i];
    if (seen != Observed::nothing && seen != wanted(probes[i]) && seen == (*second)[i]) {
      end.cell = i;
      end.seen = seen;
    }
  }
  return end;
}

Result<void> TrialWorld::apply_steps(const Showing& showing) {
  const StagedCase& staged = rehearsal_.cases()[showing.case_index];
  for (std::size_t i = 0; i <= showing.step_index; ++i) {
    if (auto applied = lane_.apply(staged.value->steps[i].changes); !applied) {
      return tl::unexpected(applied.error().while_doing("case \"" + staged.value->name + "\""));
    }
  }
  return {};
}

/// The probes of all its trials, each once.
std::vector<PlannedProbe> TrialWorld::probes_of(const Errand& errand) const {
  std::vector<PlannedProbe> probes;
  for (const std::size_t index : errand) {
    for (const PlannedProbe& probe : trials_[index].showing.probes) {
      if (std::none_of(probes.begin(), probes.end(), [&](const PlannedProbe& known) {
            return known.probe == probe.probe;
          })) {
        probes.push_back(probe);
      }
    }
  }
  return probes;
}

/// Faults that show in a state, however it came about: one after the other in the same state, with
/// the right rules before and after.
Result<std::vector<TrialEnd>> TrialWorld::at_one_step(const Errand& errand) {
  faultable_.commit(nullptr);
  if (auto bare = lane_.make_bare(); !bare) {
    return tl::unexpected(bare.error());
  }
  if (auto applied = apply_steps(trials_[errand.front()].showing); !applied) {
    return tl::unexpected(applied.error());
  }
  const std::vector<PlannedProbe> probes = probes_of(errand);
  const auto before = unfaulted(probes);
  if (!before) {
    return tl::unexpected(before.error());
  }
  std::vector<TrialEnd> ends;
  for (const std::size_t index : errand) {
    faultable_.commit(trials_[index].fault);
    auto end = look(trials_[index]);
    if (!end) {
      return tl::unexpected(end.error());
    }
    ends.push_back(std::move(*end));
  }
  const auto after = unfaulted(probes);
  if (!after) {
    return tl::unexpected(after.error());
  }
  for (TrialEnd& end : ends) {
    end.unclear = before->empty() ? *after : *before;
  }
  return ends;
}

/// Faults that show on transitions: the whole case with the fault, then the right rules.
Result<std::vector<TrialEnd>> TrialWorld::from_the_beginning(std::size_t index) {
  const Trial& trial = trials_[index];
  faultable_.commit(nullptr);
  if (auto bare = lane_.make_bare(); !bare) {
    return tl::unexpected(bare.error());
  }
  faultable_.commit(trial.fault);
  // An engine that is asked nothing makes its rules all the same: the fault begins in the bare
  // world.
  if (auto begun = faultable_.engine().probe({}); !begun) {
    return tl::unexpected(begun.error());
  }
  if (auto applied = apply_steps(trial.showing); !applied) {
    return tl::unexpected(applied.error());
  }
  auto end = look(trial);
  if (!end) {
    return tl::unexpected(end.error());
  }
  const auto after = unfaulted(trial.showing.probes);
  if (!after) {
    return tl::unexpected(after.error());
  }
  end->unclear = *after;
  return std::vector{std::move(*end)};
}

}  // namespace nettest
