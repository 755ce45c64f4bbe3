#include "harness/lanes.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "harness/interrupt.hpp"
#include "harness/lane_crew.hpp"
#include "harness/lane_run.hpp"
#include "results/record.hpp"

namespace nettest {

namespace {

// The lines: "case INDEX" and "end" to a lane; "case INDEX RECORD", "hopeless" and "end RECORD"
// from it.
constexpr std::string_view kCase = "case ";
constexpr std::string_view kEnd = "end";
constexpr std::string_view kHopeless = "hopeless";
/// How much longer than its own deadlines a lane may take to end.
constexpr Duration kGrace = std::chrono::seconds(10);

std::size_t index_in(std::string_view text) {
  std::size_t index = 0;
  std::from_chars(text.data(), text.data() + text.size(), index);
  return index;
}

EndRecord record_of(const LaneRun& run, const Capabilities& capabilities) {
  return {run.error(), run.warnings(), capabilities.versions, capabilities.warnings};
}

/// What one lane's process does.
struct LaneWork {
  const Suite& suite;
  const std::vector<ChosenCase>& cases;
  const LanePlan& plan;
  Clock& clock;
  const RunOptions& options;
  int number = 1;

  void operator()(LineChannel& channel) const {
    auto engine = plan.make_engine(number);
    if (!engine) {
      channel.send(kHopeless);
      channel.send(std::string(kEnd) + " " + to_line(EndRecord{engine.error(), {}, {}, {}}));
      return;
    }
    const RunObserver nobody;
    LaneRun run(suite, **engine, clock, options, nobody);
    while (const auto line = channel.receive()) {
      if (!line->starts_with(kCase)) {
        break;
      }
      const std::size_t index = index_in(std::string_view(*line).substr(kCase.size()));
      const CaseRecord record{suite.name, run.run(cases.at(index), {})};
      if (run.hopeless()) {
        channel.send(kHopeless);
      }
      channel.send(std::string(kCase) + std::to_string(index) + " " + to_line(record));
    }
    run.remove({});
    channel.send(std::string(kEnd) + " " + to_line(record_of(run, (*engine)->capabilities())));
  }
};

/// The runner's side of one lane.
struct LaneSeat {
  std::optional<std::size_t> at;
  bool hopeless = false;
  bool ended = false;
};

class LanesRun {
 public:
  LanesRun(const Suite& suite,
           const LanePlan& plan,
           Clock& clock,
           const RunOptions& options,
           const RunObserver& observer)
      : suite_(suite),
        plan_(plan),
        clock_(clock),
        options_(options),
        observer_(observer),
        cases_(choose_cases(suite, options)),
        results_(cases_.size()),
        result_(begun_result(suite, options)) {
    progress_.suite = suite.name;
    progress_.case_count = cases_.size();
  }

  SuiteResult run() &&;

 private:
  void start();
  void on_line(std::size_t lane, const std::string& line);
  void on_case(std::size_t lane, std::string_view text);
  void on_end(std::size_t lane, std::string_view text);
  void on_gone(std::size_t lane, const std::string& how);
  void give(std::size_t lane);
  void put(std::size_t index, CaseResult result);
  void note_error(Error error);
  void fill_gaps();

  const Suite& suite_;
  const LanePlan& plan_;
  Clock& clock_;
  const RunOptions& options_;
  const RunObserver& observer_;
  std::vector<ChosenCase> cases_;
  std::vector<std::optional<CaseResult>> results_;
  std::size_t next_ = 0;
  std::size_t shown_ = 0;
  LaneCrew crew_;
  std::vector<LaneSeat> seats_;
  Progress progress_;
  SuiteResult result_;
};

SuiteResult LanesRun::run() && {
  const TimePoint start_time = std::chrono::steady_clock::now();
  progress_.phase = "deploy";
  observer_.on_progress(progress_);
  start();
  crew_.serve({[this](std::size_t lane, const std::string& line) { on_line(lane, line); },
               [this](std::size_t lane, const std::string& how) { on_gone(lane, how); }},
              options_.remove_timeout + kGrace);
  fill_gaps();
  for (auto& result : results_) {
    result_.cases.push_back(std::move(*result));
  }
  result_.took = std::chrono::steady_clock::now() - start_time;
  return std::move(result_);
}

void LanesRun::note_error(Error error) {
  add_lane(result_, {std::move(error), {}});
}

void LanesRun::start() {
  const auto wanted = std::min(static_cast<std::size_t>(std::max(plan_.lanes, 1)), cases_.size());
  seats_.resize(wanted);
  for (std::size_t lane = 0; lane < wanted; ++lane) {
    const int number = static_cast<int>(lane) + 1;
    if (auto started = crew_.start(LaneWork{suite_, cases_, plan_, clock_, options_, number});
        !started) {
      note_error(started.error());
      return;
    }
    give(lane);
  }
}

// Hands out the next case, or the end.
void LanesRun::give(std::size_t lane) {
  LaneSeat& seat = seats_[lane];
  seat.at.reset();
  if (interrupted() || seat.hopeless || next_ >= cases_.size()) {
    crew_.send(lane, kEnd);
    return;
  }
  seat.at = next_++;
  progress_.case_number = next_;
  progress_.case_name = cases_[*seat.at].value->name;
  progress_.phase = "case";
  observer_.on_progress(progress_);
  crew_.send(lane, std::string(kCase) + std::to_string(*seat.at));
}

void LanesRun::on_line(std::size_t lane, const std::string& line) {
  if (line == kHopeless) {
    seats_[lane].hopeless = true;
  } else if (line.starts_with(kCase)) {
    on_case(lane, std::string_view(line).substr(kCase.size()));
  } else {
    on_end(lane, std::string_view(line).substr(std::min(kEnd.size() + 1, line.size())));
  }
}

void LanesRun::on_case(std::size_t lane, std::string_view text) {
  auto record = parse_case_line(text.substr(std::min(text.find(' '), text.size())));
  if (!record) {
    note_error(record.error().while_doing("lane " + std::to_string(lane + 1)));
  } else if (const auto at = seats_[lane].at) {
    put(*at, std::move(record->result));
  }
  give(lane);
}

void LanesRun::on_end(std::size_t lane, std::string_view text) {
  seats_[lane].ended = true;
  const auto record = parse_end_line(text);
  if (!record) {
    note_error(record.error().while_doing("lane " + std::to_string(lane + 1)));
    return;
  }
  add_lane(result_, {record->error, record->warnings});
  Capabilities capabilities;
  capabilities.versions = record->versions;
  capabilities.warnings = record->engine_warnings;
  plan_.on_capabilities(capabilities);
}

// A lane that goes without a last word has died, and takes the case that it was at with it.
void LanesRun::on_gone(std::size_t lane, const std::string& how) {
  const LaneSeat& seat = seats_[lane];
  if (seat.ended && !seat.at) {
    return;
  }
  const Error error{
      ErrorKind::engine,
      "lane " + std::to_string(lane + 1) + " " + how + " before it had finished; other lanes go on",
      std::nullopt};
  if (!seat.ended) {
    note_error(error);
  }
  if (seat.at) {
    CaseResult result = skipped_case(*cases_[*seat.at].value, "the lane died");
    if (!result.steps.empty()) {
      result.steps.front().skipped.clear();
      result.steps.front().error = error;
    }
    put(*seat.at, std::move(result));
  }
}

void LanesRun::put(std::size_t index, CaseResult result) {
  result.number = cases_[index].number;
  options_.finish_case(result);
  results_[index] = std::move(result);
  observer_.on_case(*results_[index]);
  ++progress_.finished;
  progress_.mismatches += count(*results_[index]).mismatched;
  observer_.on_progress(progress_);
  for (; shown_ < results_.size() && results_[shown_]; ++shown_) {
    for (const auto& step : results_[shown_]->steps) {
      observer_.on_step(*results_[shown_], step);
    }
  }
}

// Cases that no lane was there to run.
void LanesRun::fill_gaps() {
  const std::string why = interrupted() ? "interrupted" : "no lane was left to run it";
  for (std::size_t i = 0; i < results_.size(); ++i) {
    if (!results_[i]) {
      put(i, skipped_case(*cases_[i].value, why));
    }
  }
}

}  // namespace

SuiteResult run_suite_in_lanes(const Suite& suite,
                               const LanePlan& plan,
                               Clock& clock,
                               const RunOptions& options,
                               const RunObserver& observer) {
  return LanesRun(suite, plan, clock, options, observer).run();
}

}  // namespace nettest
