#include <random>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/version.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/suite_source.hpp"
#include "harness/interrupt.hpp"
#include "harness/plan.hpp"
#include "harness/runner.hpp"
#include "harness/system_clock.hpp"

namespace nettest {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "";
}

std::string new_run_id() {
  std::random_device random;
  return fmt::format("{:08x}", random());
}

RunOptions options_of(const CommandLine& line) {
  RunOptions options;
  options.cases = line.cases;
  options.keep = line.keep;
  if (line.settle) {
    options.patience.settle = *line.settle;
    options.settle_synchronous = *line.settle;
  }
  if (line.timeout) {
    options.patience.repeat_timeout = *line.timeout;
  }
  return options;
}

/// Everything that happens where the engine lives.
class Running {
 public:
  Running(const CommandLine& line,
          Console& console,
          EngineFactory& engines,
          const std::vector<Suite>& suites)
      : line_(line),
        console_(console),
        engines_(engines),
        suites_(suites),
        options_(options_of(line)),
        display_(console, engines.clock(), line.loudness),
        tables_(!uses_stdout(line.reports)) {
    report_.facts.run_id = new_run_id();
    report_.facts.nettest_version = std::string(version());
    report_.facts.engine = line.engine;
    report_.facts.hostname = host_name();
    report_.facts.started = engines.clock().wall();
  }

  int run();
  [[nodiscard]] const std::string& run_id() const { return report_.facts.run_id; }

 private:
  RunObserver observer();
  void show_step(const CaseResult& result, const StepResult& step);
  void note(const Capabilities& capabilities);
  bool finish_report();
  int hold(Engine& engine);

  const CommandLine& line_;
  Console& console_;
  EngineFactory& engines_;
  const std::vector<Suite>& suites_;
  RunOptions options_;
  ProgressDisplay display_;
  bool tables_;
  std::string suite_name_;
  std::string shown_case_;
  std::string kept_;
  Report report_;
};

RunObserver Running::observer() {
  RunObserver observer;
  observer.on_progress = [this](const Progress& progress) { display_.show(progress); };
  observer.on_step = [this](const CaseResult& result, const StepResult& step) {
    show_step(result, step);
  };
  observer.on_kept = [this](const CaseResult& result, const StepResult& step) {
    kept_ = "case \"" + result.name + "\", step \"" + step.name + "\"";
  };
  return observer;
}

void Running::show_step(const CaseResult& result, const StepResult& step) {
  const Counts counts = count(step);
  const bool calm = counts.mismatched + counts.inconclusive + counts.errors == 0;
  if (!tables_ || (line_.loudness == Loudness::quiet && calm)) {
    return;
  }
  display_.clear();
  const TextStyle style = console_.style_of(console_.out);
  const std::string title = suite_name_ + ": " + result.name;
  if (title != shown_case_) {
    if (shown_case_.empty()) {
      console_.out.write(render_legend(style) + "\n");
    }
    console_.out.write(render_case_heading(suite_name_, result.name, style));
    shown_case_ = title;
  }
  console_.out.write(render_step(step, style) + "\n");
}

void Running::note(const Capabilities& capabilities) {
  report_.facts.versions.insert(capabilities.versions.begin(), capabilities.versions.end());
  report_.facts.warnings = capabilities.warnings;
}

// False when something of it could not be written.
bool Running::finish_report() {
  report_.facts.took =
      std::chrono::duration_cast<Duration>(engines_.clock().wall() - report_.facts.started);
  report_.facts.interrupted = interrupted();
  display_.clear();
  if (tables_) {
    console_.out.write(render_summary(report_, console_.style_of(console_.out)));
  }
  const Errors errors = write_reports(report_, line_.reports, console_.out);
  for (const auto& error : errors) {
    console_.complain(to_string(error));
  }
  if (console_.out.failure() != 0) {
    console_.complain("cannot write to " +
                      write_failure("standard output", console_.out.failure()));
  }
  return errors.empty() && console_.out.failure() == 0;
}

// Holds the world until an interrupt, then removes it.
int Running::hold(Engine& engine) {
  if (!kept_.empty() && !interrupted()) {
    std::string text = "\nThe world stands as in " + kept_ + ". A way into each pod:\n";
    for (const auto& pod : suites_.front().world.pods) {
      text += "  " + engine.way_into(pod.id) + "\n";
    }
    console_.err.write(text + "Ctrl-C removes it.\n");
    SystemClock().sleep_until(TimePoint::max());
  }
  const auto removed = engine.remove(engines_.clock().now() + options_.remove_timeout);
  if (!removed) {
    return complain_about({removed.error()}, console_);
  }
  return 0;
}

int Running::run() {
  install_interrupt_handlers();
  std::unique_ptr<Engine> engine;
  for (const auto& suite : suites_) {
    auto made = engines_.make(line_.engine);
    if (!made) {
      return complain_about({made.error()}, console_);
    }
    engine = std::move(*made);
    suite_name_ = suite.name;
    report_.suites.push_back(run_suite(suite, *engine, engines_.clock(), options_, observer()));
    note(engine->capabilities());
    if (interrupted()) {
      break;
    }
  }
  const bool written = finish_report();
  int code = exit_code(report_);
  code = code == 0 && !written ? kExitEngine : code;
  if (options_.keep) {
    const int held = hold(*engine);
    code = code == 0 ? held : code;
  }
  return code;
}

Errors check_before(const CommandLine& line, const std::vector<Suite>& suites) {
  Errors errors = check_case_globs(line.cases, suites);
  const Errors unwritable = check_writable(line.reports);
  errors.insert(errors.end(), unwritable.begin(), unwritable.end());
  if (line.keep && suites.size() > 1) {
    errors.push_back(
        {ErrorKind::usage, "--keep holds one world: give it one suite at a time", std::nullopt});
  }
  return errors;
}

}  // namespace

int run_command(const CommandLine& line, Console& console, EngineFactory& engines) {
  const auto suites = load_suites(line.operands);
  if (!suites) {
    return complain_about(suites.error(), console);
  }
  Errors errors = check_before(line, *suites);
  for (const auto& suite : *suites) {
    if (const auto checked = check_suite(suite); !checked) {
      errors.insert(errors.end(), checked.error().begin(), checked.error().end());
    }
  }
  if (!errors.empty()) {
    const int code = complain_about(errors, console);
    console.complain("nothing was deployed");
    return code;
  }
  Running running(line, console, engines, *suites);
  engines.configure({line.cluster, running.run_id()});
  const auto code = engines.enter(line.engine, [&running] { return running.run(); });
  return code ? *code : complain_about({code.error()}, console);
}

}  // namespace nettest
