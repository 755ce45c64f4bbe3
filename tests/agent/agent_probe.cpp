#include "tests/agent/agent_probe.hpp"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "harness/agents/embedded_agent.hpp"

namespace nettest {

namespace {

agent::Ask question(Protocol protocol, const std::string& host, Port port, Duration timeout) {
  agent::Ask ask;
  ask.protocol = protocol;
  ask.host = host;
  ask.family = host.find(':') == std::string::npos ? IpFamily::ipv4 : IpFamily::ipv6;
  ask.port = port;
  ask.timeout = timeout;
  return ask;
}

}  // namespace

ChildSpec agent_command() {
#ifdef NETTEST_AGENT_UNDER_TEST
  return ChildSpec{{NETTEST_AGENT_UNDER_TEST}};
#else
  static const auto program = agent_in_memory();
  ChildSpec spec{{"nettest-agent"}};
  spec.program = program ? program->get() : -1;
  return spec;
#endif
}

AgentUnderTest::AgentUnderTest(const ChildSpec& spec) {
  auto child = LineChild::start(reactor,
                                spec,
                                {[this](std::string_view line) { lines.emplace_back(line); },
                                 [this](const ChildEnd& how) { end = how; }});
  if (!child) {
    ADD_FAILURE() << child.error().message;
    return;
  }
  child_.emplace(std::move(*child));
  EXPECT_TRUE(hears("nettest-agent 1 "));
}

bool AgentUnderTest::wait(const std::function<bool()>& condition, Duration limit) {
  return reactor.run_until(condition, in(limit)) == RunEnd::condition;
}

bool AgentUnderTest::hears(const std::string& start, Duration limit) {
  return wait(
      [&] {
        return std::any_of(lines.begin(), lines.end(), [&start](const std::string& line) {
          return line.rfind(start, 0) == 0;
        });
      },
      limit);
}

void AgentUnderTest::send(const agent::Command& command) {
  std::string line;
  agent::append(line, command);
  child_->send(line);
}

void AgentUnderTest::serve(Protocol protocol, Port port, Serve serve) {
  send(agent::ServePort{protocol, port, serve});
  EXPECT_TRUE(hears("serving " + std::string(to_string(protocol)) + " " + std::to_string(port)));
}

std::map<std::uint64_t, agent::Answer> AgentUnderTest::ask(std::vector<agent::Ask> asks,
                                                           Duration limit) {
  lines.clear();
  std::uint64_t id = 0;
  for (auto& question : asks) {
    question.id = ++id;
    send(question);
  }
  send(agent::Go{++batch_});
  EXPECT_TRUE(hears("closed " + std::to_string(batch_) + " " + std::to_string(asks.size()), limit));
  std::map<std::uint64_t, agent::Answer> answers;
  for (const auto& line : lines) {
    const auto message = agent::parse_message(line);
    if (message && std::holds_alternative<agent::Answer>(*message)) {
      const auto& answer = std::get<agent::Answer>(*message);
      EXPECT_TRUE(answers.emplace(answer.id, answer).second) << line;
    }
  }
  EXPECT_EQ(answers.size(), asks.size());
  return answers;
}

agent::Ask tcp(const std::string& host, Port port, Duration timeout) {
  return question(Protocol::tcp, host, port, timeout);
}

agent::Ask udp(const std::string& host, Port port, Duration timeout) {
  return question(Protocol::udp, host, port, timeout);
}

agent::Ask http(const std::string& host, Port port, Duration timeout) {
  auto ask = tcp(host, port, timeout);
  ask.serve = Serve::http;
  return ask;
}

}  // namespace nettest
