// Agents in network namespaces of their own: nine pods on a bridge, every pair, both ports and
// protocols; and the time a round takes.
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <sched.h>

#include <gtest/gtest.h>

#include "harness/agents/agent_pool.hpp"
#include "harness/process/descriptor.hpp"
#include "harness/process/run.hpp"
#include "tests/agent/agent_probe.hpp"
#include "tests/agent/private_network.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kPods = 9;

PodId pod(int index) {
  return {std::string(1, static_cast<char>('x' + index / 3)),
          std::string(1, static_cast<char>('a' + index % 3))};
}

std::string address(int index, IpFamily family) {
  return (family == IpFamily::ipv4 ? "10.8.0." : "fd08::") + std::to_string(10 + index);
}

class PodNetwork : public testing::Test {
 protected:
  void SetUp() override {
    if (!why_no_private_network().empty()) {
      GTEST_SKIP() << why_no_private_network();
    }
    ASSERT_EQ(std::system("ip link add br0 type bridge && ip link set br0 up"), 0);
    std::vector<AgentSetup> setups;
    for (int i = 0; i < kPods; ++i) {
      make_namespace(i);
      auto spec = agent_command();
      spec.namespaces = {namespaces[static_cast<std::size_t>(i)].get()};
      setups.push_back({pod(i),
                        spec,
                        {{"", 80},
                         {"", 81, Protocol::tcp, Serve::http},
                         {"", 80, Protocol::udp},
                         {"", 81, Protocol::udp}}});
    }
    const auto added = pool.add(std::move(setups), in(seconds(20)));
    ASSERT_TRUE(added) << added.error().message;
  }
  void TearDown() override { static_cast<void>(std::system("ip link del br0 2>/dev/null")); }

  // The namespace is held by a child until we have opened it.
  void make_namespace(int index) {
    const auto number = std::to_string(index);
    auto holder = LineChild::start(
        reactor, ChildSpec{{"unshare", "--net", "sh", "-c", "echo ready; read x"}}, {[](auto) {}});
    ASSERT_TRUE(holder);
    const auto path = "/proc/" + std::to_string(holder->pid()) + "/ns/net";
    const auto own = std::filesystem::read_symlink("/proc/self/ns/net");
    ASSERT_EQ(reactor.run_until(
                  [&] {
                    reactor.wake();
                    std::error_code error;
                    return std::filesystem::read_symlink(path, error) != own && !error;
                  },
                  in(seconds(20))),
              RunEnd::condition);
    namespaces.emplace_back(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto link = "ip link add up" + number + " type veth peer name eth0 netns " +
                      std::to_string(holder->pid()) + " && ip link set up" + number +
                      " master br0 && ip link set up" + number + " up";
    ASSERT_EQ(std::system(link.c_str()), 0);
    ChildSpec inside{{"sh",
                      "-c",
                      "ip link set lo up; ip link set eth0 up; ip addr add " +
                          address(index, IpFamily::ipv4) + "/24 dev eth0; ip addr add " +
                          address(index, IpFamily::ipv6) + "/64 dev eth0 nodad"}};
    inside.namespaces = {namespaces.back().get()};
    const auto done = run_child(reactor, inside, "", in(seconds(20)));
    ASSERT_TRUE(done && done->end.success()) << (done ? done->errors : done.error().message);
  }

  static std::vector<AgentQuestion> matrix(IpFamily family) {
    std::vector<AgentQuestion> questions;
    for (int from = 0; from < kPods; ++from) {
      for (int to = 0; to < kPods; ++to) {
        for (const Port port : {Port{80}, Port{81}}) {
          for (const auto protocol : {Protocol::tcp, Protocol::udp}) {
            AgentQuestion question;
            question.from = pod(from);
            question.protocol = protocol;
            question.family = family;
            question.host = address(to, family);
            question.port = port;
            question.serve = protocol == Protocol::tcp && port == 81 ? Serve::http : Serve::plain;
            question.timeout = seconds(2);
            question.expected = {pod(to)};
            questions.push_back(std::move(question));
          }
        }
      }
    }
    return questions;
  }

  Reactor reactor;
  std::vector<Descriptor> namespaces;
  AgentPool pool{reactor};
};

TEST_F(PodNetwork, EveryPodReachesEveryPodAndTheRightOneAnswers) {
  std::vector<double> times;
  for (int round = 0; round < 10; ++round) {
    const auto questions = matrix(round % 2 == 0 ? IpFamily::ipv4 : IpFamily::ipv6);
    const auto started = std::chrono::steady_clock::now();
    const auto attempts = pool.ask(questions);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
            .count());
    ASSERT_EQ(attempts.size(), 324U);
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      ASSERT_EQ(attempts[i].signal, Signal::connected)
          << to_string(questions[i].from) << " " << questions[i].host << ": " << attempts[i].detail;
      EXPECT_EQ(attempts[i].answered_by, to_string(questions[i].expected.front()));
    }
  }
  std::sort(times.begin(), times.end());
  RecordProperty("round_of_324_ms_median", std::to_string(times[times.size() / 2]));
  std::cout << "324 probes: best " << times.front() << " ms, median " << times[times.size() / 2]
            << " ms, worst " << times.back() << " ms\n";
}

}  // namespace
}  // namespace nettest
