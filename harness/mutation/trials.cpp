#include "harness/mutation/trials.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/interrupt.hpp"
#include "harness/lane.hpp"
#include "harness/settle.hpp"

namespace nettest {

namespace {

/// First looks are short; a wrong answer is asked again, with time for a busy machine.
constexpr Duration kFirstLook = std::chrono::milliseconds(250);
constexpr Duration kSecondLook = std::chrono::milliseconds(400);
/// How long a step may take to become as predicted, as in a run: what comes later is wrong.
constexpr Duration kSettle = std::chrono::seconds(1);

using Place = std::pair<std::size_t, std::size_t>;

/// Trials in one world, in the order that saves most work.
class Trials {
 public:
  Trials(const Suite& suite,
         const Rehearsal& rehearsal,
         const std::vector<Trial>& trials,
         FaultableEngine& faultable,
         Clock& clock,
         const std::function<void(std::size_t, const TrialEnd&)>& done)
      : rehearsal_(rehearsal),
        trials_(trials),
        faultable_(faultable),
        clock_(clock),
        done_(done),
        lane_(suite.world, faultable.engine(), clock, options_) {}

  Result<void> run();
  Result<void> remove() { return lane_.remove(); }

 private:
  Result<void> at_one_step(const std::vector<std::size_t>& indices);
  Result<void> from_the_beginning(std::size_t index);
  Result<void> apply_steps(const Showing& showing);
  Result<TrialEnd> look(const Trial& trial);
  Result<std::vector<Observed>> ask(const std::vector<PlannedProbe>& probes, Duration timeout);
  Result<std::string> unfaulted(const std::vector<PlannedProbe>& probes);

  RunOptions options_;
  const Rehearsal& rehearsal_;
  const std::vector<Trial>& trials_;
  FaultableEngine& faultable_;
  Clock& clock_;
  const std::function<void(std::size_t, const TrialEnd&)>& done_;
  Lane lane_;
  RoundTripTimes round_trips_;
};

Observed wanted(const PlannedProbe& probe) {
  return probe.prediction.verdict == Verdict::allowed ? Observed::allowed : Observed::blocked;
}

Result<std::vector<Observed>> Trials::ask(const std::vector<PlannedProbe>& probes,
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
Result<std::string> Trials::unfaulted(const std::vector<PlannedProbe>& probes) {
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
Result<TrialEnd> Trials::look(const Trial& trial) {
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
  for (std::size_t i = 0; i < probes.size() && !end.killed; ++i) {
    const Observed seen = (*first)[i];
    if (seen != Observed::nothing && seen != wanted(probes[i]) && seen == (*second)[i]) {
      end.killed = true;
      end.cell = probes[i];
      end.seen = seen;
    }
  }
  return end;
}

Result<void> Trials::apply_steps(const Showing& showing) {
  const StagedCase& staged = rehearsal_.cases()[showing.case_index];
  for (std::size_t i = 0; i <= showing.step_index; ++i) {
    if (auto applied = lane_.apply(staged.value->steps[i].changes); !applied) {
      return tl::unexpected(applied.error().while_doing("case \"" + staged.value->name + "\""));
    }
  }
  return {};
}

/// Faults that show in a state, however it came about: one after the other in the same state, with
/// the right rules before and after.
Result<void> Trials::at_one_step(const std::vector<std::size_t>& indices) {
  faultable_.commit(nullptr);
  if (auto bare = lane_.make_bare(); !bare) {
    return bare;
  }
  if (auto applied = apply_steps(trials_[indices.front()].showing); !applied) {
    return applied;
  }
  std::vector<PlannedProbe> probes;
  for (const std::size_t index : indices) {
    for (const PlannedProbe& probe : trials_[index].showing.probes) {
      if (std::none_of(probes.begin(), probes.end(), [&](const PlannedProbe& known) {
            return known.probe == probe.probe;
          })) {
        probes.push_back(probe);
      }
    }
  }
  auto unclear = unfaulted(probes);
  if (!unclear) {
    return tl::unexpected(unclear.error());
  }
  std::vector<TrialEnd> ends;
  for (const std::size_t index : indices) {
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
  for (std::size_t i = 0; i < indices.size(); ++i) {
    ends[i].unclear = unclear->empty() ? *after : *unclear;
    done_(indices[i], ends[i]);
  }
  return {};
}

/// Faults that show on transitions: the whole case with the fault, then the right rules.
Result<void> Trials::from_the_beginning(std::size_t index) {
  const Trial& trial = trials_[index];
  faultable_.commit(nullptr);
  if (auto bare = lane_.make_bare(); !bare) {
    return bare;
  }
  faultable_.commit(trial.fault);
  // An engine that is asked nothing makes its rules all the same: the fault begins in the bare
  // world.
  if (auto begun = faultable_.engine().probe({}); !begun) {
    return tl::unexpected(begun.error());
  }
  if (auto applied = apply_steps(trial.showing); !applied) {
    return applied;
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
  done_(index, *end);
  return {};
}

Result<void> Trials::run() {
  std::map<Place, std::vector<std::size_t>> by_step;
  std::vector<std::size_t> dynamic;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    if (trials_[i].fault->kind == FaultKind::dynamic) {
      dynamic.push_back(i);
    } else {
      by_step[{trials_[i].showing.case_index, trials_[i].showing.step_index}].push_back(i);
    }
  }
  for (const auto& [place, indices] : by_step) {
    if (interrupted()) {
      return fail(ErrorKind::interrupted, "interrupted");
    }
    if (auto done = at_one_step(indices); !done) {
      return done;
    }
  }
  for (const std::size_t index : dynamic) {
    if (interrupted()) {
      return fail(ErrorKind::interrupted, "interrupted");
    }
    if (auto done = from_the_beginning(index); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace

Result<void> run_trials(const Suite& suite,
                        const Rehearsal& rehearsal,
                        const std::vector<Trial>& trials,
                        FaultableEngine& engine,
                        Clock& clock,
                        const std::function<void(std::size_t, const TrialEnd&)>& done) {
  if (trials.empty()) {
    return {};
  }
  Trials all(suite, rehearsal, trials, engine, clock, done);
  auto result = all.run();
  engine.commit(nullptr);
  if (auto removed = all.remove(); !removed && result) {
    return removed;
  }
  return result;
}

}  // namespace nettest
