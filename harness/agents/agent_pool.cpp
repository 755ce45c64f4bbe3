#include "harness/agents/agent_pool.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/agents/agent_messages.hpp"
#include "harness/agents/agent_session.hpp"
#include "harness/interrupt.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest {

namespace {

/// Probes under way at once, of all agents together: what a machine of two cores answers well
/// within the shortest time-out. More would only wait for each other, and look like blocked paths.
constexpr std::size_t kWave = 3000;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

// A round asks, wave by wave, then checks: agents that should have answered a probe that nobody
// answered must still be there, else the silence says nothing about the path.
struct AgentPool::State {
  enum class Phase { idle, asking, checking, finished };

  State(Reactor& loop, AgentPatience slack) : reactor(loop), patience(slack) {}

  Reactor& reactor;
  AgentPatience patience;
  std::map<PodId, std::unique_ptr<AgentSession>> sessions;
  std::uint64_t last_batch = 0;
  /// Probe ids are never used again, so that answers of an interrupted round are recognised.
  std::uint64_t first_id = 0;
  Phase phase = Phase::idle;
  TimePoint phase_end;
  /// When the last wave ends at the latest.
  TimePoint round_end;
  std::size_t next_wave = 0;
  std::vector<AgentQuestion> questions;
  std::vector<Attempt> attempts;
  std::vector<bool> answered;

  AgentSession* find(const PodId& pod);
  bool wait_ready(const std::vector<AgentSession*>& started, TimePoint deadline);
  void restart_troubled();
  bool on_answer(AgentSession& session, agent::Answer answer);
  [[nodiscard]] std::size_t end_of_wave(std::size_t begin) const;
  [[nodiscard]] Duration longest_of_wave(std::size_t begin) const;
  void send_wave();
  void check_servers();
  std::string why_unanswered(const PodId& pod);
  void judge_silence();
  void advance();
  [[nodiscard]] bool anyone_busy() const;
  void give_up_busy();
};

AgentSession* AgentPool::State::find(const PodId& pod) {
  const auto it = sessions.find(pod);
  return it == sessions.end() ? nullptr : it->second.get();
}

bool AgentPool::State::wait_ready(const std::vector<AgentSession*>& started, TimePoint deadline) {
  const auto settled = [&started] {
    return std::all_of(started.begin(), started.end(), [](const AgentSession* session) {
      return session->ready() || !session->trouble().empty();
    });
  };
  const auto end = reactor.run_until(settled, deadline);
  for (auto* session : started) {
    if (!session->ready() && end != RunEnd::interrupt) {
      session->give_up("did not serve its ports in time");
    }
  }
  return end != RunEnd::interrupt;
}

void AgentPool::State::restart_troubled() {
  std::vector<AgentSession*> started;
  for (auto& [pod, session] : sessions) {
    if (!session->trouble().empty()) {
      session->start(reactor);
      started.push_back(session.get());
    }
  }
  if (!started.empty()) {
    wait_ready(started, now() + patience.restart);
  }
}

bool AgentPool::State::on_answer(AgentSession& session, agent::Answer answer) {
  if (answer.id < first_id) {
    return false;
  }
  const auto index = answer.id - first_id;
  if (index >= questions.size() || answered[index] || questions[index].from != session.pod()) {
    session.give_up("answered what it was not asked (probe " + std::to_string(answer.id) + ")");
    return false;
  }
  attempts[index] = judge_answer(questions[index], std::move(answer), session.asked_at());
  answered[index] = true;
  return true;
}

std::size_t AgentPool::State::end_of_wave(std::size_t begin) const {
  return std::min(begin + kWave, questions.size());
}

// The time-outs of a wave; an agent that cannot have all of its probes under way takes turns.
Duration AgentPool::State::longest_of_wave(std::size_t begin) const {
  std::map<PodId, std::pair<std::size_t, Duration>> shares;
  for (std::size_t i = begin; i < end_of_wave(begin); ++i) {
    auto& [count, timeout] = shares[questions[i].from];
    ++count;
    timeout = std::max(timeout, questions[i].timeout);
  }
  Duration longest{};
  for (const auto& [pod, share] : shares) {
    if (const auto session = sessions.find(pod); session != sessions.end()) {
      const std::size_t at_once = session->second->in_flight();
      const auto turns = (share.first + at_once - 1) / at_once;
      longest = std::max(longest, static_cast<int>(turns) * share.second);
    }
  }
  return longest + agent::kStretch + patience.silence;
}

void AgentPool::State::send_wave() {
  struct Share {
    std::string lines;
    std::size_t count = 0;
  };
  std::map<AgentSession*, Share> shares;
  const std::size_t begin = std::exchange(next_wave, end_of_wave(next_wave));
  for (std::size_t i = begin; i < next_wave; ++i) {
    if (auto* session = find(questions[i].from); session != nullptr && session->ready()) {
      auto& share = shares[session];
      share.lines += encode_question(questions[i], first_id + i);
      ++share.count;
    }
  }
  for (auto& [session, share] : shares) {
    session->ask(std::move(share.lines), share.count, ++last_batch);
  }
  phase = Phase::asking;
  phase_end = now() + longest_of_wave(begin);
  reactor.wake_at(phase_end);
}

void AgentPool::State::check_servers() {
  std::set<AgentSession*> servers;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (answered[i] && observed(attempts[i].signal) == Observed::blocked) {
      for (const auto& pod : questions[i].expected) {
        servers.insert(find(pod));
      }
    }
  }
  servers.erase(nullptr);
  for (auto* server : servers) {
    if (server->ready()) {
      server->ask({}, 0, ++last_batch);
    }
  }
  phase = Phase::checking;
  phase_end = now() + patience.silence;
  reactor.wake_at(phase_end);
}

std::string AgentPool::State::why_unanswered(const PodId& pod) {
  const auto* session = find(pod);
  if (session == nullptr) {
    return to_string(pod) + " has no agent";
  }
  return session->trouble().empty() ? "interrupted" : session->trouble();
}

// Turns what was not answered, and what nobody was there to answer, into unusable.
void AgentPool::State::judge_silence() {
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto& attempt = attempts[i];
    if (!answered[i]) {
      attempt.detail = why_unanswered(questions[i].from);
      continue;
    }
    if (observed(attempt.signal) != Observed::blocked) {
      continue;
    }
    for (const auto& pod : questions[i].expected) {
      const auto* server = find(pod);
      if (server != nullptr && !server->trouble().empty()) {
        attempt.detail = std::string(to_string(attempt.signal)) +
                         ", but nobody was there to answer: " + server->trouble();
        attempt.signal = Signal::unusable;
        break;
      }
    }
  }
}

bool AgentPool::State::anyone_busy() const {
  return std::any_of(
      sessions.begin(), sessions.end(), [](const auto& entry) { return entry.second->busy(); });
}

void AgentPool::State::give_up_busy() {
  for (auto& [pod, session] : sessions) {
    if (session->busy()) {
      session->give_up("was silent until the deadline");
    }
  }
}

void AgentPool::State::advance() {
  if (phase == Phase::idle || phase == Phase::finished) {
    return;
  }
  if (anyone_busy()) {
    if (now() < phase_end) {
      return;
    }
    give_up_busy();
  }
  // A wave of agents that are all in trouble is over at once.
  while (phase == Phase::asking && next_wave < questions.size()) {
    send_wave();
    if (anyone_busy()) {
      return;
    }
  }
  if (phase == Phase::asking) {
    check_servers();
    if (anyone_busy()) {
      return;
    }
  }
  judge_silence();
  phase = Phase::finished;
}

AgentPool::AgentPool(Reactor& reactor, AgentPatience patience)
    : state_(std::make_unique<State>(reactor, patience)) {}

AgentPool::~AgentPool() = default;

Result<void> AgentPool::add(std::vector<AgentSetup> setups, TimePoint deadline) {
  std::vector<AgentSession*> started;
  for (auto& setup : setups) {
    const auto pod = setup.pod;
    auto session = std::make_unique<AgentSession>(
        std::move(setup), [state = state_.get()](AgentSession& from, agent::Answer answer) {
          return state->on_answer(from, std::move(answer));
        });
    // The old agent lets go of the ports first.
    state_->sessions[pod].reset();
    session->start(state_->reactor);
    started.push_back(session.get());
    state_->sessions[pod] = std::move(session);
  }
  const bool in_peace = state_->wait_ready(started, deadline);
  std::string trouble;
  for (const auto* session : started) {
    if (!session->ready() && trouble.empty()) {
      trouble = session->trouble();
    }
  }
  if (in_peace && trouble.empty()) {
    return {};
  }
  for (const auto* session : started) {
    const auto pod = session->pod();
    state_->sessions.erase(pod);
  }
  return in_peace ? fail(ErrorKind::engine, trouble) : fail(ErrorKind::interrupted, "interrupted");
}

void AgentPool::remove(const PodId& pod) {
  state_->sessions.erase(pod);
}

bool AgentPool::has(const PodId& pod) const {
  return state_->sessions.count(pod) != 0;
}

void AgentPool::begin(std::vector<AgentQuestion> questions) {
  state_->restart_troubled();
  state_->questions = std::move(questions);
  const auto count = state_->questions.size();
  state_->attempts.assign(count, Attempt{});
  state_->answered.assign(count, false);
  const auto started = now();
  for (std::size_t i = 0; i < count; ++i) {
    state_->attempts[i].sent = started;
    state_->attempts[i].timeout = state_->questions[i].timeout;
  }
  state_->next_wave = 0;
  state_->round_end = started;
  for (std::size_t i = 0; i < count; i = state_->end_of_wave(i)) {
    state_->round_end += state_->longest_of_wave(i);
  }
  state_->send_wave();
}

bool AgentPool::done() {
  state_->advance();
  return state_->phase == State::Phase::finished;
}

TimePoint AgentPool::deadline() const {
  return state_->phase == State::Phase::asking ? state_->round_end + 2 * state_->patience.silence
                                               : state_->phase_end + state_->patience.silence;
}

std::vector<Attempt> AgentPool::take() {
  if (state_->phase != State::Phase::finished) {
    if (!interrupted()) {
      state_->give_up_busy();
    }
    state_->judge_silence();
  }
  state_->phase = State::Phase::idle;
  state_->first_id += state_->questions.size();
  state_->questions.clear();
  return std::exchange(state_->attempts, {});
}

std::vector<Attempt> AgentPool::ask(std::vector<AgentQuestion> questions) {
  begin(std::move(questions));
  state_->reactor.run_until([this] { return done(); }, deadline());
  return take();
}

}  // namespace nettest
