#include "harness/kubernetes/cluster_round.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nettest {

namespace {

/// The questions of one client, with their places in the round.
template <typename Asked>
struct Share {
  std::vector<Asked> asked;
  std::vector<std::size_t> places;

  void add(Result<Asked> question, std::size_t place, Attempt& attempt) {
    if (question) {
      asked.push_back(std::move(*question));
      places.push_back(place);
    } else {
      attempt.detail = question.error().message;
    }
  }
};

Attempt not_asked(const Question& question) {
  Attempt attempt;
  attempt.sent = std::chrono::steady_clock::now();
  attempt.timeout = question.timeout;
  return attempt;
}

/// wget knows nothing of the server, so agents ask themselves whether they serve. (Where agents ask
/// agents, the pool looks.)
class ServerChecks {
 public:
  /// Adds the checks that the answer to a wget needs.
  void add(const Probe& probe, const QuestionContext& context, std::vector<AgentQuestion>& asked) {
    std::vector<std::size_t> places;
    for (auto& check : server_checks(probe, context)) {
      const auto [found, is_new] = place_of_.try_emplace({check.from, check.port}, asked.size());
      places.push_back(found->second);
      if (is_new) {
        asked.push_back(std::move(check));
      }
    }
    needed_.push_back(std::move(places));
  }

  /// Turns the `index`th wget's "blocked" into unusable, where a server does not answer itself.
  void judge(const std::vector<Attempt>& answers, std::size_t index, Attempt& attempt) const {
    if (observed(attempt.signal) != Observed::blocked) {
      return;
    }
    for (const auto place : needed_[index]) {
      if (answers[place].signal != Signal::connected) {
        attempt.detail = std::string(to_string(attempt.signal)) +
                         ", but the server does not even answer itself: " + answers[place].detail;
        attempt.signal = Signal::unusable;
        return;
      }
    }
  }

 private:
  std::map<std::pair<PodId, Port>, std::size_t> place_of_;
  std::vector<std::vector<std::size_t>> needed_;
};

}  // namespace

std::vector<Attempt> ask_round(const ClusterAskers& askers,
                               const QuestionContext& context,
                               std::span<const Question> questions) {
  std::vector<Attempt> attempts;
  Share<AgentQuestion> for_agents;
  Share<ShellWgetQuestion> for_wget;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    attempts.push_back(not_asked(questions[i]));
    if (questions[i].probe.client == Client::wget) {
      for_wget.add(wget_question(questions[i], context), i, attempts[i]);
    } else {
      for_agents.add(agent_question(questions[i], context), i, attempts[i]);
    }
  }
  ServerChecks checks;
  for (const auto place : for_wget.places) {
    if (askers.has_agents) {
      checks.add(questions[place].probe, context, for_agents.asked);
    }
  }
  const bool agents_asked = !for_agents.asked.empty();
  askers.shells.begin(std::move(for_wget.asked));
  auto deadline = askers.shells.deadline();
  if (agents_asked) {
    askers.agents.begin(std::move(for_agents.asked));
    deadline = std::max(deadline, askers.agents.deadline());
  }
  askers.reactor.run_until(
      [&] { return askers.shells.done() && (!agents_asked || askers.agents.done()); }, deadline);
  const auto answers = agents_asked ? askers.agents.take() : std::vector<Attempt>();
  for (std::size_t i = 0; i < for_agents.places.size(); ++i) {
    attempts[for_agents.places[i]] = answers[i];
  }
  auto said = askers.shells.take();
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (askers.has_agents) {
      checks.judge(answers, i, said[i]);
    }
    attempts[for_wget.places[i]] = std::move(said[i]);
  }
  return attempts;
}

}  // namespace nettest
