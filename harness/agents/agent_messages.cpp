#include "harness/agents/agent_messages.hpp"

#include <algorithm>
#include <utility>

#include "probes/backend.hpp"

namespace nettest {

namespace {

void add_detail(std::string& detail, const std::string& text) {
  detail += (detail.empty() || text.empty() ? "" : ": ") + text;
}

}  // namespace

Attempt judge_answer(const AgentQuestion& question, agent::Answer answer, TimePoint asked_at) {
  Attempt attempt;
  attempt.signal = answer.signal;
  attempt.sent = asked_at + answer.sent;
  attempt.took = answer.took;
  attempt.timeout = question.timeout;
  attempt.detail = std::move(answer.detail);
  if (answer.signal != Signal::connected && answer.signal != Signal::wrong_backend) {
    add_detail(attempt.detail, answer.who);
    return attempt;
  }
  attempt.answered_by = std::move(answer.who);
  judge_backend(attempt, question.expected);
  return attempt;
}

std::string encode_question(const AgentQuestion& question, std::uint64_t id) {
  std::string line;
  const auto timeout =
      std::clamp<Duration>(question.timeout, std::chrono::milliseconds(1), agent::kLongestTimeout);
  agent::append(line,
                agent::Command(agent::Ask{id,
                                          question.protocol,
                                          question.family,
                                          question.host,
                                          question.port,
                                          question.serve,
                                          timeout,
                                          question.http_host}));
  return line;
}

}  // namespace nettest
