#include "harness/process/run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "harness/process/child_io.hpp"
#include "harness/process/event_loop.hpp"

namespace nettest {

namespace {

// What a child may take to die and to be reaped after its SIGKILL, on a busy machine.
constexpr Duration kGrace = std::chrono::seconds(2);

}  // namespace

struct ChildBatch::State : std::enable_shared_from_this<ChildBatch::State> {
  struct Job {
    ChildRun run;
    std::shared_ptr<ChildIo> io;
    std::optional<boost::asio::steady_timer> timer;
    ChildResult result;
    std::optional<Result<ChildResult>> outcome;
  };

  Reactor& reactor;
  std::vector<Job> jobs;
  std::size_t next = 0;
  std::size_t running = 0;
  std::size_t ended = 0;
  std::size_t at_once;
  TimePoint last_end;

  State(Reactor& loop, std::size_t limit)
      : reactor(loop), at_once(std::max<std::size_t>(limit, 1)) {}

  void start_more();
  void start(std::size_t index);
  void collect(std::size_t index, std::string& text, std::string_view chunk);
  void on_deadline(std::size_t index);
  void on_end(std::size_t index, const ChildEnd& end);
};

void ChildBatch::State::start_more() {
  while (running < at_once && next < jobs.size()) {
    start(next++);
  }
}

void ChildBatch::State::collect(std::size_t index, std::string& text, std::string_view chunk) {
  auto& job = jobs[index];
  const auto room = job.run.spec.output_limit - text.size();
  text.append(chunk.substr(0, room));
  if (chunk.size() > room && !job.result.flooded) {
    job.result.flooded = true;
    job.io->kill();
  }
}

void ChildBatch::State::start(std::size_t index) {
  auto& job = jobs[index];
  const std::weak_ptr<State> weak = weak_from_this();
  ChildEvents events;
  events.on_output = [weak, index](std::string_view chunk) {
    if (const auto self = weak.lock()) {
      self->collect(index, self->jobs[index].result.output, chunk);
    }
  };
  events.on_errors = [weak, index](std::string_view chunk) {
    if (const auto self = weak.lock()) {
      self->collect(index, self->jobs[index].result.errors, chunk);
    }
  };
  events.on_end = [weak, index](const ChildEnd& end) {
    if (const auto self = weak.lock()) {
      self->on_end(index, end);
    }
  };
  job.result.started = std::chrono::steady_clock::now();
  auto io = ChildIo::start(reactor, job.run.spec, std::move(events));
  if (!io) {
    job.outcome = tl::unexpected(io.error());
    ++ended;
    return;
  }
  ++running;
  job.io = std::move(*io);
  job.io->write(std::move(job.run.input));
  job.io->close_input();
  job.timer.emplace(reactor.loop().io, job.result.started + job.run.limit);
  job.timer->async_wait([weak, index](const boost::system::error_code& error) {
    if (const auto self = weak.lock(); self && !error) {
      self->on_deadline(index);
    }
  });
}

void ChildBatch::State::on_deadline(std::size_t index) {
  auto& job = jobs[index];
  if (!job.outcome) {
    job.result.timed_out = true;
    job.io->kill();
  }
}

void ChildBatch::State::on_end(std::size_t index, const ChildEnd& end) {
  auto& job = jobs[index];
  job.timer.reset();
  job.io.reset();
  job.result.took = std::chrono::steady_clock::now() - job.result.started;
  job.result.end = end;
  job.outcome = std::move(job.result);
  --running;
  ++ended;
  start_more();
}

ChildBatch::ChildBatch(Reactor& reactor, std::vector<ChildRun> runs, std::size_t at_once)
    : state_(std::make_shared<State>(reactor, at_once)) {
  Duration longest{};
  for (auto& run : runs) {
    longest = std::max(longest, run.limit);
    state_->jobs.push_back({std::move(run), nullptr, std::nullopt, {}, std::nullopt});
  }
  const auto turns = (state_->jobs.size() + state_->at_once - 1) / state_->at_once;
  state_->last_end = std::chrono::steady_clock::now() + static_cast<int>(turns) * longest + kGrace;
  state_->start_more();
}

ChildBatch::~ChildBatch() {
  for (auto& job : state_->jobs) {
    if (job.io) {
      job.io->abandon();
    }
  }
}

bool ChildBatch::done() const {
  return state_->ended == state_->jobs.size();
}

TimePoint ChildBatch::deadline() const {
  return state_->last_end;
}

std::vector<Result<ChildResult>> ChildBatch::take() {
  std::vector<Result<ChildResult>> results;
  results.reserve(state_->jobs.size());
  state_->next = state_->jobs.size();
  for (auto& job : state_->jobs) {
    if (job.io) {
      job.io->abandon();
      job.io.reset();
      job.timer.reset();
    }
    if (!job.outcome) {
      job.outcome = fail(ErrorKind::engine, job.run.spec.argv.front() + ": did not end in time");
    }
    results.push_back(std::move(*job.outcome));
  }
  return results;
}

std::vector<Result<ChildResult>> run_children(Reactor& reactor,
                                              std::vector<ChildRun> runs,
                                              std::size_t at_once) {
  ChildBatch batch(reactor, std::move(runs), at_once);
  const auto end = reactor.run_until([&batch] { return batch.done(); }, batch.deadline());
  auto results = batch.take();
  if (end == RunEnd::interrupt) {
    for (auto& result : results) {
      if (!result) {
        result = fail(ErrorKind::interrupted, "interrupted");
      }
    }
  }
  return results;
}

Result<ChildResult> run_child(Reactor& reactor,
                              const ChildSpec& spec,
                              const std::string& input,
                              TimePoint deadline,
                              OnInterrupt on_interrupt) {
  const auto limit = std::max<Duration>(deadline - std::chrono::steady_clock::now(), Duration{1});
  ChildBatch batch(reactor, {ChildRun{spec, input, limit}}, 1);
  const auto end =
      reactor.run_until([&batch] { return batch.done(); }, batch.deadline(), on_interrupt);
  auto result = std::move(batch.take().front());
  if (!result && end == RunEnd::interrupt) {
    return fail(ErrorKind::interrupted, spec.argv.front() + ": interrupted");
  }
  return result;
}

}  // namespace nettest
