#include "harness/cli/running.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/version.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/suite_source.hpp"
#include "harness/interrupt.hpp"
#include "harness/lanes.hpp"
#include "harness/system_clock.hpp"
#include "results/known.hpp"
#include "results/outputs.hpp"

namespace nettest {

namespace {

/// From so many cases on, steps that are as predicted are not printed: nobody reads them all.
constexpr std::size_t kManyCases = 20;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "";
}

std::string new_run_id() {
  std::random_device random;
  return fmt::format("{:08x}", random());
}

std::size_t count_cases(const std::vector<Suite>& suites, const RunOptions& options) {
  std::size_t cases = 0;
  for (const auto& suite : suites) {
    cases += choose_cases(suite, options).size();
  }
  return cases;
}

/// Copies of a large world cost more than they save.
int lanes_for(const Suite& suite) {
  constexpr std::size_t kPodsInAll = 300;
  const std::size_t pods = std::max<std::size_t>(suite.world.pods.size(), 1);
  return static_cast<int>(std::max<std::size_t>(kPodsInAll / pods, 1));
}

/// Without the entries that also fit cases which were not chosen: they may deviate there.
std::vector<KnownDeviation> wholly_chosen(std::vector<KnownDeviation> known,
                                          const std::vector<std::string>& unchosen) {
  const auto only_partly = [&](const KnownDeviation& deviation) {
    return fits_any(deviation.case_glob, unchosen);
  };
  known.erase(std::remove_if(known.begin(), known.end(), only_partly), known.end());
  return known;
}

bool needs_a_person(const StepResult& step) {
  const Counts counts = count(step);
  return counts.mismatched + counts.inconclusive + counts.errors > 0;
}

}  // namespace

RunFacts facts_before(const RunInputs& inputs) {
  RunFacts facts;
  facts.run_id = new_run_id();
  facts.nettest_version = std::string(version());
  facts.engine = inputs.line.engine;
  facts.faults = inputs.line.faults;
  facts.hostname = host_name();
  facts.started = inputs.engines.clock().wall();
  facts.configuration = configuration_of(inputs.suites, inputs.line);
  if (const auto& shard = inputs.line.shard) {
    facts.shard = std::to_string(shard->first) + "/" + std::to_string(shard->second);
  }
  return facts;
}

Running::Running(const RunInputs& inputs, RunFacts facts, RunRecord record)
    : in_(inputs),
      display_(inputs.console, inputs.engines.clock(), inputs.line.loudness),
      record_(std::move(record)),
      tables_(!uses_stdout(inputs.line.reports)) {
  report_.facts = std::move(facts);
  options_ = options_of_run();
  brief_ = in_.line.loudness == Loudness::quiet || (in_.line.loudness == Loudness::normal &&
                                                    count_cases(in_.suites, options_) > kManyCases);
}

RunOptions Running::options_of_run() {
  const CommandLine& line = in_.line;
  RunOptions options;
  options.cases = line.cases;
  options.keep = line.keep;
  options.done = record_.done();
  if (line.shard) {
    options.shard = Shard{line.shard->first, line.shard->second};
  }
  if (line.settle) {
    options.patience.settle = *line.settle;
    options.settle_synchronous = *line.settle;
  }
  if (line.timeout) {
    options.patience.repeat_timeout = *line.timeout;
  }
  options.finish_case = [this](CaseResult& result) { mark_known(in_.known, result); };
  return options;
}

RunObserver Running::observer() {
  RunObserver observer;
  observer.on_progress = [this](const Progress& progress) { display_.show(progress); };
  observer.on_step = [this](const CaseResult& result, const StepResult& step) {
    show_step(result, step);
  };
  observer.on_case = [this](const CaseResult& result) { keep(result); };
  observer.on_kept = [this](const CaseResult& result, const StepResult& step) {
    kept_ = "case \"" + result.name + "\", step \"" + step.name + "\"";
  };
  return observer;
}

void Running::keep(const CaseResult& result) {
  if (const auto added = record_.add(suite_name_, result); !added) {
    display_.clear();
    in_.console.complain(to_string(added.error()) + "; the run goes on without it");
  }
}

void Running::show_step(const CaseResult& result, const StepResult& step) {
  if (!tables_ || (brief_ && !needs_a_person(step))) {
    return;
  }
  display_.clear();
  Console& console = in_.console;
  const TextStyle style = console.style_of(console.out);
  const std::string title = suite_name_ + ": " + result.name;
  if (title != shown_case_) {
    if (shown_case_.empty()) {
      console.out.write(render_legend(style) + "\n");
    }
    console.out.write(render_case_heading(suite_name_, result.name, style));
    shown_case_ = title;
  }
  console.out.write(render_step(step, style) + "\n");
}

void Running::note(const Capabilities& capabilities) {
  RunFacts& facts = report_.facts;
  facts.versions.insert(capabilities.versions.begin(), capabilities.versions.end());
  for (const auto& warning : capabilities.warnings) {
    if (std::find(facts.warnings.begin(), facts.warnings.end(), warning) == facts.warnings.end()) {
      facts.warnings.push_back(warning);
    }
  }
}

void Running::judge_known() {
  for (auto& suite : report_.suites) {
    for (auto& part : suite.cases) {
      mark_known(in_.known, part);
    }
  }
  report_.known_uses = known_uses(wholly_chosen(in_.known, in_.unchosen), report_);
  if (report_.facts.shard.empty() && !report_.facts.interrupted) {
    report_.stale_known = stale_known(report_.known_uses);
  }
}

// False when something of it could not be written.
bool Running::finish_report() {
  Console& console = in_.console;
  RunFacts& facts = report_.facts;
  facts.took = std::chrono::duration_cast<Duration>(in_.engines.clock().wall() - facts.started);
  facts.interrupted = interrupted();
  judge_known();
  display_.clear();
  if (tables_) {
    console.out.write(render_summary(report_, console.style_of(console.out)));
  }
  const Errors errors = write_reports(report_, in_.line.reports, console.out);
  for (const auto& error : errors) {
    console.complain(to_string(error));
  }
  if (console.out.failure() != 0) {
    console.complain("cannot write to " + write_failure("standard output", console.out.failure()));
  }
  const bool written = errors.empty() && console.out.failure() == 0;
  record_.finish(written && !facts.interrupted);
  if (const auto hint = record_.how_to_go_on(); facts.interrupted && !hint.empty()) {
    console.err.write("nettest: interrupted; " + hint + "\n");
  }
  return written;
}

// Holds the world until an interrupt, then removes it.
int Running::hold(Engine& engine) {
  if (!kept_.empty() && !interrupted()) {
    std::string text = "\nThe world stands as in " + kept_ + ". A way into each pod:\n";
    for (const auto& pod : in_.suites.front().world.pods) {
      text += "  " + engine.way_into(pod.id) + "\n";
    }
    in_.console.err.write(text + "Ctrl-C removes it.\n");
    SystemClock().sleep_until(TimePoint::max());
  }
  const auto removed = engine.remove(in_.engines.clock().now() + options_.remove_timeout);
  if (!removed) {
    return complain_about({removed.error()}, in_.console);
  }
  return 0;
}

SuiteResult Running::run_one(const Suite& suite) {
  Clock& clock = in_.engines.clock();
  const std::size_t cases = choose_cases(suite, options_).size();
  const int wanted = in_.line.lanes > 0
                         ? in_.line.lanes
                         : std::min(in_.engines.usual_lanes(in_.line.engine), lanes_for(suite));
  const auto lanes = std::min(cases, static_cast<std::size_t>(wanted));
  if (lanes > 1 && !in_.line.keep) {
    LanePlan plan;
    plan.lanes = static_cast<int>(lanes);
    plan.make_engine = [this](int lane) { return in_.engines.make(in_.line.engine, lane); };
    plan.on_capabilities = [this](const Capabilities& capabilities) { note(capabilities); };
    return run_suite_in_lanes(suite, plan, clock, options_, observer());
  }
  auto made = in_.engines.make(in_.line.engine, 0);
  if (!made) {
    SuiteResult result = begun_result(suite, options_);
    result.error = made.error();
    return result;
  }
  engine_ = std::move(*made);
  SuiteResult result = run_suite(suite, *engine_, clock, options_, observer());
  note(engine_->capabilities());
  return result;
}

// The summary has the first line of an error; what follows it is there to be copied, as a manifest
// is.
void Running::complain_at_length(const SuiteResult& result) {
  const std::string said = result.error ? to_string(*result.error) : "";
  if (said.find('\n') != std::string::npos) {
    display_.clear();
    in_.console.complain(result.name + ": " + said);
  }
}

void Running::run_suites() {
  for (const auto& suite : in_.suites) {
    suite_name_ = suite.name;
    SuiteResult result = run_one(suite);
    record_.complete(result);
    complain_at_length(result);
    report_.suites.push_back(std::move(result));
    if (interrupted()) {
      return;
    }
  }
}

int Running::run() {
  install_interrupt_handlers();
  if (const auto begun = record_.begin(report_.facts); !begun) {
    return complain_about({begun.error()}, in_.console);
  }
  run_suites();
  const bool written = finish_report();
  int code = exit_code(report_);
  code = code == 0 && !written ? kExitEngine : code;
  if (options_.keep && engine_) {
    const int held = hold(*engine_);
    code = code == 0 ? held : code;
  }
  return code;
}

}  // namespace nettest
