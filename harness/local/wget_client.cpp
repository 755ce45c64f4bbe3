#include "harness/local/wget_client.hpp"

#include <chrono>

#include "probes/backend.hpp"

namespace nettest {

namespace {

constexpr auto kVersionPatience = std::chrono::seconds(5);
/// wget's time-out holds for looking up, connecting and reading, each; ours for all of them.
constexpr auto kSlack = std::chrono::milliseconds(500);
/// What killing and reaping may take on a machine that is not starved.
constexpr auto kReaping = std::chrono::milliseconds(200);

Duration limit_of(const WgetQuestion& question) {
  return 2 * question.timeout + kSlack;
}

/// GNU wget ends by itself well within the limit; BusyBox counts in whole seconds, and may not.
bool was_starved(const Wget& wget, const WgetQuestion& question, const ChildResult& result) {
  return result.took > limit_of(question) + kReaping ||
         (result.timed_out && wget.flavour == Wget::Flavour::gnu);
}

WgetRun run_of(const Result<ChildResult>& result) {
  WgetRun run;
  if (!result) {
    run.not_started = result.error().message;
    return run;
  }
  run.output = result->output;
  run.errors = result->errors;
  run.timed_out = result->timed_out;
  switch (result->end.how) {
    case ChildEnd::How::exited:
      run.exit_code = result->end.number;
      break;
    case ChildEnd::How::signalled:
      run.signal = result->end.number;
      break;
    case ChildEnd::How::lost:
      run.not_started = to_string(result->end);
      break;
  }
  return run;
}

}  // namespace

std::optional<Wget> find_wget(Reactor& reactor, const std::vector<std::string>& program) {
  ChildSpec spec;
  spec.argv = program;
  spec.argv.emplace_back("--version");
  const auto result =
      run_child(reactor, spec, "", std::chrono::steady_clock::now() + kVersionPatience);
  if (!result) {
    return std::nullopt;
  }
  auto wget = detect_wget(result->output + result->errors);
  if (wget) {
    wget->program = program;
  }
  return wget;
}

std::vector<ChildRun> wget_runs(const Wget& wget, const std::vector<WgetQuestion>& questions) {
  std::vector<ChildRun> runs;
  for (const WgetQuestion& question : questions) {
    ChildRun run;
    run.spec.argv = wget_command(wget, question.url, question.timeout, question.family);
    run.spec.namespaces = {
        question.pod->network.get(), question.pod->names.get(), question.pod->mounts.get()};
    run.spec.directory = "/";
    run.limit = limit_of(question);
    runs.push_back(std::move(run));
  }
  return runs;
}

Attempt wget_attempt(const Wget& wget,
                     const WgetQuestion& question,
                     const Result<ChildResult>& result) {
  Attempt attempt;
  attempt.timeout = question.timeout;
  attempt.sent = result ? result->started : std::chrono::steady_clock::now();
  attempt.took = result ? result->took : Duration{};
  judge_wget(run_of(result), attempt);
  const bool silent = attempt.signal == Signal::timed_out || attempt.signal == Signal::dns_failed;
  if (silent && result && was_starved(wget, question, *result)) {
    attempt.signal = Signal::unusable;
    attempt.detail = "this machine was too busy for wget to keep its time: " + attempt.detail;
    return attempt;
  }
  judge_backend(attempt, question.expected);
  return attempt;
}

}  // namespace nettest
