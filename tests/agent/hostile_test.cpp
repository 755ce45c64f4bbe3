// The agent against garbage on stdin and against clients that mean it no good.
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "harness/process/descriptor.hpp"
#include "tests/agent/agent_probe.hpp"
#include "tests/agent/private_network.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Descriptor connect_to(Port port, int type = SOCK_STREAM) {
  Descriptor descriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // NOLINTNEXTLINE: the sockets API
  EXPECT_EQ(::connect(descriptor.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return descriptor;
}

void send_text(const Descriptor& descriptor, const std::string& text) {
  [[maybe_unused]] const auto sent =
      ::send(descriptor.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

class HostileWorld : public testing::Test {
 protected:
  void SetUp() override {
    if (!why_no_private_network().empty()) {
      GTEST_SKIP() << why_no_private_network();
    }
    agent.emplace();
    agent->send(agent::SetIdentity{"default/web"});
    agent->serve(Protocol::tcp, 80);
    agent->serve(Protocol::tcp, 81, Serve::http);
    agent->serve(Protocol::udp, 80);
  }
  void expect_still_fine() {
    const auto answers =
        agent->ask({tcp("127.0.0.1", 80), http("127.0.0.1", 81), udp("127.0.0.1", 80)});
    for (const auto& [id, answer] : answers) {
      EXPECT_EQ(answer.signal, Signal::connected) << id << " " << answer.detail;
    }
  }
  std::optional<AgentUnderTest> agent;
};

TEST_F(HostileWorld, GarbageOnStdinIsAnsweredAndForgotten) {
  constexpr unsigned kSeed = 42;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 random(kSeed);
  std::string garbage;
  for (int i = 0; i < 100'000; ++i) {
    garbage += static_cast<char>(random());
  }
  agent->send(garbage + "\n" + std::string(3'000'000, 'x') + "\nprobe 1 TCP 4\n\r\n\n");
  ASSERT_TRUE(agent->hears("error a line of more than 4095 bytes was ignored"));
  expect_still_fine();
}

TEST_F(HostileWorld, AHalfLineIsPutTogether) {
  agent->send("serve TC");
  agent->reactor.run_until([] { return false; }, in(milliseconds(20)));
  agent->send("P 82 plain\n");
  EXPECT_TRUE(agent->hears("serving TCP 82"));
}

TEST_F(HostileWorld, SilentAndEndlessClientsDoNotBlockOthers) {
  std::vector<Descriptor> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(connect_to(81));
    send_text(clients.back(), i % 2 == 0 ? "GET / HTTP/1.1\r\nX-Slow: " : "");
  }
  const auto endless = connect_to(81);
  send_text(endless, "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'));
  const auto garbage = connect_to(81);
  send_text(garbage, std::string("\0\xff\r\n\r\n", 6));
  std::array<char, 32> status{};
  EXPECT_GT(::recv(garbage.get(), status.data(), status.size(), 0), 0);
  EXPECT_EQ(std::string_view(status.data(), 12), "HTTP/1.1 400");
  expect_still_fine();
}

TEST_F(HostileWorld, DatagramsThatAreNoProbesGetNoAnswer) {
  const auto client = connect_to(80, SOCK_DGRAM);
  send_text(client, "default/web 123\n");
  send_text(client, "");
  send_text(client, std::string(60'000, 'x'));
  send_text(client, "nettest 9\n");
  std::array<char, 64> reply{};
  const auto got = ::recv(client.get(), reply.data(), reply.size(), 0);
  EXPECT_EQ(std::string_view(reply.data(), static_cast<std::size_t>(got)), "default/web 9\n");
  EXPECT_EQ(::recv(client.get(), reply.data(), reply.size(), MSG_DONTWAIT), -1);
}

TEST_F(HostileWorld, StrangersAreNotTakenForOurServers) {
  const Descriptor tcp_server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(90);
  // NOLINTNEXTLINE: the sockets API
  ASSERT_EQ(::bind(tcp_server.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(tcp_server.get(), 8), 0);
  struct Row {
    const char* reply;
    Serve serve;
    Signal signal;
  };
  for (const auto& row : {Row{"SSH-2.0-x\r\n", Serve::plain, Signal::connected},
                          Row{"", Serve::plain, Signal::reset},
                          Row{"SSH-2.0-x\r\n", Serve::http, Signal::wrong_backend},
                          Row{"HTTP/1.1 403 Forbidden\r\n\r\n", Serve::http, Signal::http_denied},
                          Row{"HTTP/1.1 503 No\r\n\r\n", Serve::http, Signal::unreachable},
                          Row{"HTTP/1.1 404 No\r\n\r\n", Serve::http, Signal::wrong_backend}}) {
    auto ask = tcp("127.0.0.1", 90);
    ask.serve = row.serve;
    ask.id = 1;
    agent->lines.clear();
    agent->send(ask);
    agent->send(agent::Go{99});
    {
      const Descriptor client(::accept4(tcp_server.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (row.serve == Serve::http) {
        std::array<char, 512> request{};
        EXPECT_GT(::recv(client.get(), request.data(), request.size(), 0), 0);
      }
      send_text(client, row.reply);
    }
    ASSERT_TRUE(agent->hears("closed 99 1"));
    EXPECT_EQ(agent->lines.front().substr(0, 9 + to_string(row.signal).size()),
              "answer 1 " + std::string(to_string(row.signal)))
        << row.reply << agent->lines.front();
  }
}

}  // namespace
}  // namespace nettest
