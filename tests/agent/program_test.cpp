// The agent program: what it serves and what it sees of the network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/process/run.hpp"
#include "tests/agent/agent_probe.hpp"
#include "tests/agent/private_network.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class AgentProgram : public testing::Test {
 protected:
  void SetUp() override {
    if (!why_no_private_network().empty()) {
      GTEST_SKIP() << why_no_private_network();
    }
    agent.emplace();
    agent->send(agent::SetIdentity{"default/web"});
  }
  std::optional<AgentUnderTest> agent;
};

TEST_F(AgentProgram, AnswersItsIdentityOnEveryKindOfPortInBothFamilies) {
  agent->serve(Protocol::tcp, 80);
  agent->serve(Protocol::tcp, 81, Serve::http);
  agent->serve(Protocol::udp, 80);
  const auto answers = agent->ask({tcp("127.0.0.1", 80),
                                   tcp("::1", 80),
                                   http("127.0.0.1", 81),
                                   http("::1", 81),
                                   udp("127.0.0.1", 80),
                                   udp("::1", 80)});
  for (const auto& [id, answer] : answers) {
    EXPECT_EQ(answer.signal, Signal::connected) << id << " " << answer.detail;
    EXPECT_EQ(answer.who, "default/web") << id;
    EXPECT_GT(answer.took, Duration::zero()) << id;
  }
}

TEST_F(AgentProgram, TellsTheWaysOfNotGettingThroughApart) {
  const auto timeout = milliseconds(200);
  const auto answers = agent->ask({tcp("127.0.0.1", 1, timeout),
                                   udp("127.0.0.1", 1, timeout),
                                   tcp("10.9.0.2", 80, timeout),
                                   udp("10.9.0.2", 80, timeout),
                                   tcp("10.9.1.1", 80, timeout),
                                   udp("10.9.1.1", 80, timeout),
                                   tcp("10.9.2.1", 80, timeout),
                                   http("10.9.0.2", 80, timeout)});
  const std::vector<Signal> expected = {Signal::refused,
                                        Signal::refused,
                                        Signal::timed_out,
                                        Signal::timed_out,
                                        Signal::unreachable,
                                        Signal::unreachable,
                                        Signal::unreachable,
                                        Signal::timed_out};
  for (const auto& [id, answer] : answers) {
    EXPECT_EQ(answer.signal, expected[id - 1]) << id << " " << answer.detail;
    EXPECT_FALSE(answer.detail.empty()) << id;
    EXPECT_EQ(answer.who, "") << id;
    if (answer.signal == Signal::timed_out) {
      EXPECT_GE(answer.took, timeout) << id;
    }
  }
  EXPECT_EQ(answers.at(1).detail, "Connection refused");
}

TEST_F(AgentProgram, SaysThatSctpCannotBeJudged) {
  auto ask = tcp("127.0.0.1", 80);
  ask.protocol = Protocol::sctp;
  const auto answers = agent->ask({ask});
  EXPECT_EQ(answers.at(1).signal, Signal::unusable);
  EXPECT_THAT(answers.at(1).detail, HasSubstr("SCTP is not supported"));
  agent->send(agent::ServePort{Protocol::sctp, 80, Serve::plain});
  EXPECT_TRUE(agent->hears("error serve SCTP 80: Protocol not supported"));
}

TEST_F(AgentProgram, ResolvesAsResolvConfSays) {
  set_resolv_conf("nameserver 10.9.0.2\nsearch default.svc.cluster.local\noptions ndots:5\n");
  const auto silent = agent->ask({tcp("web.default", 80, milliseconds(200))});
  EXPECT_EQ(silent.at(1).signal, Signal::dns_failed);
  EXPECT_THAT(silent.at(1).detail, HasSubstr("web.default: "));
  EXPECT_LT(silent.at(1).took, seconds(5));
  set_resolv_conf("# nothing\n");
  const auto missing = agent->ask({tcp("web.default", 80, milliseconds(200))});
  EXPECT_EQ(missing.at(1).signal, Signal::unusable);
  EXPECT_THAT(missing.at(1).detail, HasSubstr("no nameserver"));
  set_resolv_conf("nameserver 127.0.0.1\n");
  const auto dead = agent->ask({tcp("web.default", 80, milliseconds(400)), tcp("localhost", 1)});
  EXPECT_EQ(dead.at(1).signal, Signal::dns_failed) << dead.at(1).detail;
  EXPECT_EQ(dead.at(2).signal, Signal::refused) << dead.at(2).detail;
}

TEST_F(AgentProgram, SaysWhichPortIsNotFree) {
  agent->serve(Protocol::tcp, 80);
  AgentUnderTest second;
  second.send(agent::ServePort{Protocol::tcp, 80, Serve::plain});
  EXPECT_TRUE(second.hears("error serve TCP 80: Address already in use"));
  agent->send(agent::StopPort{Protocol::tcp, 80});
  EXPECT_TRUE(agent->hears("stopped TCP 80"));
  second.serve(Protocol::tcp, 80);
  EXPECT_EQ(agent->ask({tcp("127.0.0.1", 80)}).at(1).signal, Signal::connected);
}

TEST_F(AgentProgram, ServesAPortAnewInAnotherWay) {
  agent->serve(Protocol::tcp, 80);
  agent->lines.clear();
  agent->serve(Protocol::tcp, 80, Serve::http);
  const auto answers = agent->ask({http("127.0.0.1", 80), tcp("127.0.0.1", 80, milliseconds(100))});
  EXPECT_EQ(answers.at(1).detail, "HTTP 200");
  EXPECT_EQ(answers.at(2).signal, Signal::timed_out);
  EXPECT_EQ(answers.at(2).detail, "connected, but no answer came");
}

TEST_F(AgentProgram, AsksThousandsAtOnce) {
  agent->serve(Protocol::tcp, 80);
  agent->serve(Protocol::udp, 80);
  std::vector<agent::Ask> asks;
  for (int i = 0; i < 3000; ++i) {
    asks.push_back(i % 2 == 0 ? tcp("127.0.0.1", 80) : udp("127.0.0.1", 80));
  }
  for (const auto& [id, answer] : agent->ask(std::move(asks))) {
    ASSERT_EQ(answer.signal, Signal::connected) << id << " " << answer.detail;
  }
}

TEST_F(AgentProgram, NeverTakesALackOfResourcesForABlockedPath) {
  auto spec = agent_command();
  if (spec.program >= 0) {
    GTEST_SKIP() << "needs a path to put a limit on; see the sanitizer presets";
  }
  spec.argv = {"sh", "-c", "ulimit -n 24; exec \"$0\"", spec.argv.front()};
  AgentUnderTest poor(spec);
  agent->serve(Protocol::tcp, 80);
  std::vector<agent::Ask> asks(200, tcp("127.0.0.1", 80));
  for (const auto& [id, answer] : poor.ask(std::move(asks))) {
    ASSERT_EQ(answer.signal, Signal::connected) << id << " " << answer.detail;
  }
}

TEST_F(AgentProgram, ReportsNoFreeSourcePortAsUnusable) {
  // Every source port is taken by the probes of this batch itself.
  const auto limit = std::system("echo '50000 50003' > /proc/sys/net/ipv4/ip_local_port_range");
  if (limit != 0) {
    GTEST_SKIP() << "/proc/sys is read-only";
  }
  AgentUnderTest cramped;
  const auto answers =
      cramped.ask(std::vector<agent::Ask>(8, udp("10.9.0.2", 80, milliseconds(200))));
  EXPECT_EQ(std::system("echo '32768 60999' > /proc/sys/net/ipv4/ip_local_port_range"), 0);
  int unusable = 0;
  for (const auto& [id, answer] : answers) {
    EXPECT_TRUE(answer.signal == Signal::unusable || answer.signal == Signal::timed_out)
        << answer.detail;
    unusable += answer.signal == Signal::unusable ? 1 : 0;
  }
  EXPECT_EQ(unusable, 4);
}

TEST_F(AgentProgram, ANewBatchReplacesOneThatRuns) {
  agent->serve(Protocol::tcp, 80);
  auto slow = tcp("10.9.0.2", 80, seconds(50));
  slow.id = 77;
  agent->send(slow);
  agent->send(agent::Go{76});
  EXPECT_EQ(agent->ask({tcp("127.0.0.1", 80)}).at(1).signal, Signal::connected);
  EXPECT_FALSE(agent->hears("closed 76", milliseconds(20)));
}

TEST_F(AgentProgram, EndsWhenStdinEnds) {
  agent->child()->close_input();
  ASSERT_TRUE(agent->wait([&] { return agent->end.has_value(); }));
  EXPECT_TRUE(agent->end->success());
}

TEST_F(AgentProgram, AnswersAnOrdinaryHttpClient) {
  agent->serve(Protocol::tcp, 80, Serve::http);
  const auto result = run_child(agent->reactor,
                                ChildSpec{{"wget", "-qO-", "-T5", "-t1", "http://127.0.0.1/any?x"}},
                                "",
                                in(seconds(20)));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, "default/web\n");
  EXPECT_TRUE(result->end.success());
}

}  // namespace
}  // namespace nettest
