#include "harness/local/probe_round.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/local/questions.hpp"

namespace nettest {

namespace {

/// Enough that a round of blocked wgets takes one time-out and not several.
constexpr std::size_t kWgetsAtOnce = 256;

/// The questions of one client, with their places in the round.
template <typename Asked>
struct Share {
  std::vector<Asked> asked;
  std::vector<std::size_t> places;

  void add(Asked question, std::size_t place) {
    asked.push_back(std::move(question));
    places.push_back(place);
  }
};

Attempt not_asked(const Question& question, const std::string& why) {
  Attempt attempt;
  attempt.sent = std::chrono::steady_clock::now();
  attempt.timeout = question.timeout;
  attempt.detail = why;
  return attempt;
}

Result<WgetQuestion> wget_question(const Askers& askers, const Question& question) {
  const Probe& probe = question.probe;
  if (!askers.wget) {
    return fail(ErrorKind::engine, "there is no wget on this machine");
  }
  const NamespaceSet* const pod = askers.fabric.topology().pod(probe.from);
  if (pod == nullptr) {
    return fail(ErrorKind::engine, "there is no pod " + to_string(probe.from));
  }
  auto url = wget_url(probe, askers.fabric.addresses());
  if (!url) {
    return tl::unexpected(url.error());
  }
  return WgetQuestion{
      pod,
      std::move(*url),
      probe.family,
      question.timeout,
      expected_backends(probe, askers.fabric.state().world, askers.fabric.addresses())};
}

/// Divides the round; what nobody can ask gets its attempt at once.
void divide(const Askers& askers,
            std::span<const Question> questions,
            Share<AgentQuestion>& for_agents,
            Share<WgetQuestion>& for_wget,
            std::vector<Attempt>& attempts) {
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Question& question = questions[i];
    if (question.probe.client == Client::wget) {
      if (auto asked = wget_question(askers, question)) {
        for_wget.add(std::move(*asked), i);
      } else {
        attempts[i] = not_asked(question, asked.error().message);
      }
      continue;
    }
    auto asked = agent_question(question, askers.fabric.state().world, askers.fabric.addresses());
    if (asked) {
      for_agents.add(std::move(*asked), i);
    } else {
      attempts[i] = not_asked(question, asked.error().message);
    }
  }
}

}  // namespace

std::vector<Attempt> ask_round(const Askers& askers, std::span<const Question> questions) {
  std::vector<Attempt> attempts(questions.size());
  Share<AgentQuestion> for_agents;
  Share<WgetQuestion> for_wget;
  divide(askers, questions, for_agents, for_wget, attempts);
  std::vector<ChildRun> runs;
  if (askers.wget) {
    runs = wget_runs(*askers.wget, for_wget.asked);
  }
  ChildBatch batch(askers.reactor, std::move(runs), kWgetsAtOnce);
  if (!for_agents.asked.empty()) {
    askers.agents.begin(std::move(for_agents.asked));
  }
  const auto agents_done = [&] { return for_agents.places.empty() || askers.agents.done(); };
  TimePoint deadline = batch.deadline();
  if (!for_agents.places.empty()) {
    deadline = std::max(deadline, askers.agents.deadline());
  }
  askers.reactor.run_until([&] { return batch.done() && agents_done(); }, deadline);
  if (!for_agents.places.empty()) {
    std::vector<Attempt> answers = askers.agents.take();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      attempts[for_agents.places[i]] = std::move(answers[i]);
    }
  }
  const auto ends = batch.take();
  for (std::size_t i = 0; i < ends.size(); ++i) {
    attempts[for_wget.places[i]] = wget_attempt(*askers.wget, for_wget.asked[i], ends[i]);
  }
  return attempts;
}

}  // namespace nettest
