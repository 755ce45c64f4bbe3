// Many sessions at once, and what becomes of a round when agents fail in every way.
#include "harness/agents/agent_pool.hpp"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/agents/embedded_agent.hpp"
#include "harness/interrupt.hpp"
#include "tests/agent/agent_probe.hpp"
#include "tests/agent/private_network.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

const PodId kWeb{"default", "web"};
const PodId kTester{"default", "tester"};

// A script that says it is an agent and serves, then does `script`.
ChildSpec fake(const std::string& script) {
  return ChildSpec{{"sh", "-c", "echo nettest-agent 1 100; " + script}};
}

AgentQuestion ask_web(const PodId& from = kTester, milliseconds timeout = seconds(5)) {
  AgentQuestion question;
  question.from = from;
  question.host = "127.0.0.1";
  question.port = 80;
  question.timeout = timeout;
  question.expected = {kWeb};
  return question;
}

class Pool : public testing::Test {
 protected:
  void SetUp() override {
    if (!why_no_private_network().empty()) {
      GTEST_SKIP() << why_no_private_network();
    }
    pool.emplace(reactor);
  }
  void add(const PodId& pod, std::vector<ContainerPort> ports, const ChildSpec& spec) {
    const auto added = pool->add({{pod, spec, std::move(ports)}}, in(seconds(20)));
    ASSERT_TRUE(added) << added.error().message;
  }
  void add_web_and_tester() {
    add(kWeb, {{"http", 80}}, agent_command());
    add(kTester, {}, agent_command());
  }
  Attempt ask_one(const AgentQuestion& question) { return pool->ask({question}).front(); }

  Reactor reactor;
  std::optional<AgentPool> pool;
};

// Where silence is what is tested.
class ImpatientPool : public Pool {
 protected:
  void SetUp() override {
    Pool::SetUp();
    pool.emplace(reactor, AgentPatience{milliseconds(500), seconds(5)});
  }
};

TEST_F(Pool, AnswersInTheOrderOfTheQuestions) {
  add_web_and_tester();
  auto closed = ask_web();
  closed.port = 81;
  const auto before = std::chrono::steady_clock::now();
  const auto attempts = pool->ask({ask_web(), closed, ask_web(kWeb), closed});
  ASSERT_EQ(attempts.size(), 4U);
  EXPECT_EQ(attempts[0].signal, Signal::connected);
  EXPECT_EQ(attempts[0].answered_by, "default/web");
  EXPECT_EQ(attempts[1].signal, Signal::refused);
  EXPECT_EQ(attempts[1].detail, "Connection refused");
  EXPECT_EQ(attempts[2].signal, Signal::connected);
  EXPECT_EQ(attempts[3].signal, Signal::refused);
  for (const auto& attempt : attempts) {
    EXPECT_GE(attempt.sent, before);
    EXPECT_LE(attempt.sent + attempt.took, std::chrono::steady_clock::now());
    EXPECT_EQ(attempt.timeout, seconds(5));
  }
  EXPECT_TRUE(pool->ask({}).empty());
}

TEST_F(Pool, AManyTimesBiggerRoundIsAskedInWavesAndComesBackInOrder) {
  add_web_and_tester();
  std::vector<AgentQuestion> questions(7000, ask_web());
  for (std::size_t i = 0; i < questions.size(); i += 3) {
    questions[i].port = 81;
  }
  const auto attempts = pool->ask(questions);
  ASSERT_EQ(attempts.size(), questions.size());
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    ASSERT_EQ(attempts[i].signal, i % 3 == 0 ? Signal::refused : Signal::connected) << i;
  }
}

TEST_F(ImpatientPool, NoWaveIsLargerThanAMachineCanAnswerAndTheFirstTroubleEndsThem) {
  const std::string file = testing::TempDir() + "nettest-wave-" + std::to_string(::getpid());
  add(kTester,
      {},
      fake("n=0; while read -r a rest; do case $a in probe) n=$((n+1));; go) echo $n >> " + file +
           "; echo error enough;; esac; done"));
  const auto attempts = pool->ask(std::vector<AgentQuestion>(7000, ask_web()));
  EXPECT_EQ(attempts.size(), 7000U);
  for (const auto& attempt : attempts) {
    ASSERT_EQ(attempt.signal, Signal::unusable);
    ASSERT_THAT(attempt.detail, HasSubstr("enough"));
  }
  std::ifstream waves(file);
  std::string sizes;
  std::getline(waves, sizes, '\0');
  EXPECT_EQ(sizes, "3000\n");
  ::unlink(file.c_str());
}

TEST_F(Pool, CallsAnAnswerFromTheWrongPodWrong) {
  add_web_and_tester();
  auto question = ask_web();
  question.expected = {kTester, {"notes", "notes"}};
  const auto attempt = ask_one(question);
  EXPECT_EQ(attempt.signal, Signal::wrong_backend);
  EXPECT_EQ(attempt.answered_by, "default/web");
  EXPECT_EQ(attempt.detail, "answered instead of default/tester or notes/notes");
  question.expected = {};
  EXPECT_EQ(ask_one(question).signal, Signal::connected);
}

TEST_F(Pool, NamesThePodAndThePortThatCannotBeServed) {
  add(kWeb, {{"http", 80}}, agent_command());
  const auto added = pool->add({{kTester, agent_command(), {{"", 80}}}}, in(seconds(20)));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "agent of default/tester: serve TCP 80: Address already in use");
  EXPECT_FALSE(pool->has(kTester));
  EXPECT_EQ(ask_one(ask_web()).detail, "default/tester has no agent");
}

TEST_F(Pool, AnAgentThatCannotStartIsAnError) {
  const auto error = [this](const ChildSpec& spec, Duration limit = seconds(20)) {
    const auto added = pool->add({{kTester, spec, {{"", 80}}}}, in(limit));
    return added ? std::string("started") : added.error().message;
  };
  EXPECT_THAT(error(ChildSpec{{"no-such-agent"}}),
              HasSubstr("cannot be started: no-such-agent: not found in PATH"));
  EXPECT_THAT(error(ChildSpec{{"sh", "-c", "echo sh: no such file >&2; exit 127"}}),
              HasSubstr("agent of default/tester: ended: exit code 127: sh: no such file"));
  EXPECT_THAT(error(ChildSpec{{"sh", "-c", "echo hello; sleep 100"}}),
              HasSubstr("said what is not understood: \"hello\""));
  EXPECT_THAT(error(ChildSpec{{"sh", "-c", "echo nettest-agent 2 100; sleep 100"}}),
              HasSubstr("speaks protocol version 2 instead of 1"));
  EXPECT_THAT(error(ChildSpec{{"sh", "-c", "echo serving TCP 80; sleep 100"}}),
              HasSubstr("did not say which protocol"));
  EXPECT_THAT(error(fake("sleep 100"), milliseconds(100)),
              HasSubstr("did not serve its ports in time"));
}

struct FailureCase {
  const char* script;
  const char* reason;
};

TEST_F(ImpatientPool, WhatAFailingAgentWasAskedIsUnusableAndOthersAreNotAffected) {
  add(kWeb, {{"http", 80}}, agent_command());
  const std::vector<FailureCase> cases = {
      {"read a; read b; exit 3", "ended: exit code 3"},
      {"read a; read b; echo oh no >&2; kill -9 $$", "killed by signal 9 (Killed): oh no"},
      {"while read a; do :; done", "was silent until the deadline"},
      {"read a; read b; echo garbage; sleep 100", "said what is not understood: \"garbage\""},
      {"read a; read b; echo answer 999 connected 0 0 a/b; sleep 100", "what it was not asked"},
      {"read a; read b; read c; echo closed ${c#go } 1; sleep 100", "answered 0 of 1 probes"},
      {"read a; read b; set -- $b; echo answer $2 refused 0 0 - x; exit 0", "ended: exit code 0"},
      {"read a; read b; head -c 10000 /dev/zero | tr '\\0' x; sleep 100", "more than 4096 bytes"},
      {"read a; read b; echo error no memory; sleep 100", "no memory"}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.script);
    add(kTester, {}, fake(row.script));
    const auto attempts =
        pool->ask({ask_web(kTester, milliseconds(50)), ask_web(kWeb, seconds(1))});
    if (std::string(row.script).find("refused") == std::string::npos) {
      EXPECT_EQ(attempts[0].signal, Signal::unusable);
      EXPECT_THAT(attempts[0].detail, HasSubstr(row.reason));
    } else {
      // What it said before it died was said.
      EXPECT_EQ(attempts[0].signal, Signal::refused);
    }
    EXPECT_EQ(attempts[1].signal, Signal::connected);
  }
}

TEST_F(Pool, ADeadServerIsNotABlockedPath) {
  // It takes its port along, so that the kernel refuses.
  add(kTester, {}, agent_command());
  add(kWeb, {}, fake("read a; exit 1"));
  auto attempt = ask_one(ask_web());
  EXPECT_EQ(attempt.signal, Signal::unusable);
  EXPECT_THAT(attempt.detail,
              HasSubstr("refused, but nobody was there to answer: agent of default/web: "));
}

TEST_F(ImpatientPool, AFrozenServerIsNotABlockedPath) {
  add(kTester, {}, agent_command());
  add(kWeb, {}, fake("read a; kill -STOP $$"));
  auto question = ask_web(kTester, milliseconds(50));
  question.host = "10.9.0.2";
  const auto attempt = ask_one(question);
  EXPECT_EQ(attempt.signal, Signal::unusable);
  EXPECT_THAT(attempt.detail, HasSubstr("timed_out, but nobody was there to answer"));
}

TEST_F(Pool, AFailedAgentIsStartedAnewForTheNextRound) {
  const std::string flag = testing::TempDir() + "nettest-agent-flag-" + std::to_string(::getpid());
  // The first time it dies in the middle of a batch.
  const auto real = agent_command();
  const auto path = real.program >= 0 ? "/proc/" + std::to_string(::getpid()) + "/fd/" +
                                            std::to_string(real.program)
                                      : real.argv.front();
  add(kWeb, {{"http", 80}}, agent_command());
  add(kTester,
      {},
      ChildSpec{{"sh",
                 "-c",
                 "[ -e " + flag + " ] && exec " + path + "; touch " + flag +
                     "; echo nettest-agent 1 100; read a; read b; exit 9"}});
  EXPECT_EQ(ask_one(ask_web()).signal, Signal::unusable);
  const auto second = ask_one(ask_web());
  EXPECT_EQ(second.signal, Signal::connected) << second.detail;
  ::unlink(flag.c_str());
}

TEST_F(Pool, AnInterruptEndsARoundAndTheNextIsNotConfused) {
  add_web_and_tester();
  auto slow = ask_web(kTester, seconds(30));
  slow.host = "10.9.0.2";
  raise_interrupt();
  const auto attempts = pool->ask({slow, ask_web()});
  clear_interrupt();
  EXPECT_EQ(attempts[0].signal, Signal::unusable);
  EXPECT_EQ(attempts[0].detail, "interrupted");
  EXPECT_EQ(ask_one(ask_web()).signal, Signal::connected);
}

TEST_F(Pool, ReplacesAndRemovesAgents) {
  add_web_and_tester();
  add(kWeb, {{"", 82}}, agent_command());
  EXPECT_EQ(ask_one(ask_web()).signal, Signal::refused);
  auto question = ask_web();
  question.port = 82;
  EXPECT_EQ(ask_one(question).signal, Signal::connected);
  pool->remove(kWeb);
  pool->remove(kWeb);
  EXPECT_EQ(ask_one(question).signal, Signal::refused);
}

}  // namespace
}  // namespace nettest
