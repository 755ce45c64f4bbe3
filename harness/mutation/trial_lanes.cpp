#include "harness/mutation/trial_lanes.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "harness/interrupt.hpp"
#include "harness/lane_crew.hpp"

namespace nettest {

namespace {

// The lines: the index of an errand and "end" to a lane; from it an END for each trial of the
// errand, "done" after the last of them, or "error MESSAGE" as its last word.
constexpr std::string_view kStop = "end";
constexpr std::string_view kDone = "done";
constexpr std::string_view kError = "error ";
constexpr char kNoCell = '-';
/// How much longer than its own deadlines a lane may take to end.
constexpr Duration kGrace = std::chrono::seconds(10);

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// "INDEX CELL SEEN WHY-UNCLEAR".
std::string line_of(std::size_t index, const TrialEnd& end) {
  return std::to_string(index) + " " + (end.cell ? std::to_string(*end.cell) : "-") + " " +
         std::to_string(static_cast<int>(end.seen)) + " " + one_line(end.unclear);
}

std::string_view next_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

std::pair<std::size_t, TrialEnd> end_of(std::string_view line) {
  const std::size_t index = number_in(next_word(line));
  TrialEnd end;
  if (const auto cell = next_word(line); !cell.starts_with(kNoCell)) {
    end.cell = number_in(cell);
  }
  end.seen = static_cast<Observed>(number_in(next_word(line)));
  end.unclear = std::string(line);
  return {index, std::move(end)};
}

using Done = std::function<void(std::size_t index, const TrialEnd&)>;

/// One world, in this process.
Result<void> run_here(const TrialPlan& plan, const std::vector<Errand>& errands, const Done& done) {
  auto engine = plan.make_engine(0);
  if (!engine) {
    return tl::unexpected(engine.error());
  }
  TrialWorld world(plan.suite, plan.rehearsal, plan.trials, **engine, plan.clock);
  Result<void> result;
  for (const Errand& errand : errands) {
    const auto ends = world.carry_out(errand);
    if (!ends) {
      result = tl::unexpected(ends.error());
      break;
    }
    for (std::size_t i = 0; i < errand.size(); ++i) {
      done(errand[i], (*ends)[i]);
    }
  }
  if (auto removed = world.remove(); !removed && result) {
    return removed;
  }
  return result;
}

/// What one lane's process does.
struct LaneWork {
  const TrialPlan& plan;
  const std::vector<Errand>& errands;
  int number = 1;

  void operator()(LineChannel& channel) const {
    if (const auto worked = work(channel); !worked) {
      channel.send(std::string(kError) + one_line(to_string(worked.error())));
    }
  }

  Result<void> work(LineChannel& channel) const {
    auto engine = plan.make_engine(number);
    if (!engine) {
      return tl::unexpected(engine.error());
    }
    TrialWorld world(plan.suite, plan.rehearsal, plan.trials, **engine, plan.clock);
    Result<void> result;
    while (const auto line = channel.receive()) {
      if (*line == kStop) {
        break;
      }
      const Errand& errand = errands.at(number_in(*line));
      const auto ends = world.carry_out(errand);
      if (!ends) {
        result = tl::unexpected(ends.error());
        break;
      }
      for (std::size_t i = 0; i < errand.size(); ++i) {
        channel.send(line_of(errand[i], (*ends)[i]));
      }
      channel.send(kDone);
    }
    if (auto removed = world.remove(); !removed && result) {
      return removed;
    }
    return result;
  }
};

class TrialLanes {
 public:
  TrialLanes(const TrialPlan& plan, const std::vector<Errand>& errands, const Done& done)
      : plan_(plan), errands_(errands), done_(done) {}

  Result<void> run() &&;

 private:
  /// This side of one lane: the trials that it was given and has not told of, and its last word.
  struct Seat {
    Errand at;
    std::string error;
  };

  void start(std::size_t lanes);
  void on_line(std::size_t lane, const std::string& line);
  void on_gone(std::size_t lane, const std::string& how);
  void give(std::size_t lane);

  const TrialPlan& plan_;
  const std::vector<Errand>& errands_;
  const Done& done_;
  LaneCrew crew_;
  std::vector<Seat> seats_;
  std::size_t next_ = 0;
  std::string error_;
};

Result<void> TrialLanes::run() && {
  start(std::min(static_cast<std::size_t>(plan_.jobs), errands_.size()));
  crew_.serve({[this](std::size_t lane, const std::string& line) { on_line(lane, line); },
               [this](std::size_t lane, const std::string& how) { on_gone(lane, how); }},
              RunOptions().remove_timeout + kGrace);
  if (interrupted()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  if (next_ < errands_.size()) {
    return fail(ErrorKind::engine, error_.empty() ? "no world was left" : error_);
  }
  return {};
}

void TrialLanes::start(std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) {
    if (auto started = crew_.start(LaneWork{plan_, errands_, static_cast<int>(i) + 1}); !started) {
      error_ = to_string(started.error());
      return;
    }
    seats_.emplace_back();
    give(i);
  }
}

// Hands out the next errand, or the end.
void TrialLanes::give(std::size_t lane) {
  if (interrupted() || next_ >= errands_.size()) {
    crew_.send(lane, kStop);
    return;
  }
  seats_[lane].at = errands_[next_];
  crew_.send(lane, std::to_string(next_++));
}

void TrialLanes::on_line(std::size_t lane, const std::string& line) {
  if (line == kDone) {
    give(lane);
  } else if (line.starts_with(kError)) {
    seats_[lane].error = line.substr(kError.size());
  } else {
    const auto [index, end] = end_of(line);
    std::erase(seats_[lane].at, index);
    done_(index, end);
  }
}

// A lane that goes early takes the trials that it was at with it.
void TrialLanes::on_gone(std::size_t lane, const std::string& how) {
  const Seat& seat = seats_[lane];
  if (seat.error.empty() && seat.at.empty()) {
    return;
  }
  error_ = seat.error.empty() ? "lane " + std::to_string(lane + 1) + " " + how : seat.error;
  for (const std::size_t index : seat.at) {
    done_(index, {std::nullopt, Observed::nothing, error_});
  }
}

}  // namespace

Result<void> run_trials(const TrialPlan& plan, const Done& done) {
  const std::vector<Errand> errands = errands_of(plan.trials);
  if (errands.empty()) {
    return {};
  }
  return plan.jobs <= 1 || errands.size() == 1 ? run_here(plan, errands, done)
                                               : TrialLanes(plan, errands, done).run();
}

}  // namespace nettest
