// nettest-agent: runs in a pod, serves the pod's ports, and asks probes from it. See protocol.hpp.
#include <algorithm>
#include <csignal>
#include <string>
#include <string_view>
#include <unistd.h>

#include "probes/agent/client.hpp"
#include "probes/agent/line_channel.hpp"
#include "probes/agent/net.hpp"
#include "probes/agent/poller.hpp"
#include "probes/agent/protocol.hpp"
#include "probes/agent/server.hpp"

namespace nettest::agent {
namespace {

// Probes under way and clients being served; each keeps to its share of the descriptors.
constexpr std::size_t kMostAtOnce = 2000;
constexpr std::size_t kMostCollected = 200'000;

class Agent {
 public:
  explicit Agent(std::size_t descriptors)
      : at_once_(std::clamp<std::size_t>(descriptors / 3, 8, kMostAtOnce)),
        channel_(poller_,
                 {[this](std::string_view line) { on_line(line); },
                  [this] { complain("a line of more than 4095 bytes was ignored"); }}),
        server_(poller_, at_once_),
        client_(poller_, at_once_, [this](const Message& message) { channel_.tell(message); }) {}

  int run() {
    if (!channel_.open()) {
      const std::string_view text = "nettest-agent: stdin must be a pipe, a socket or a terminal\n";
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
      return 2;
    }
    channel_.tell(Hello{kProtocolVersion, at_once_});
    while (!channel_.closed()) {
      channel_.flush();
      const auto now = std::chrono::steady_clock::now();
      const auto wake = std::min(client_.next_wake(now), server_.close_idle(now));
      client_.after_wait(poller_.wait_until(wake));
    }
    channel_.flush();
    return 0;
  }

 private:
  void complain(std::string text) { channel_.tell(Failure{std::move(text)}); }

  void on_line(std::string_view line) {
    auto command = parse_command(line);
    if (!command) {
      complain(command.error().message);
      return;
    }
    std::visit([this](auto& value) { obey(value); }, *command);
  }

  void obey(const SetIdentity& command) { server_.set_identity(command.name); }
  void obey(const ServePort& command) {
    const int error = server_.serve(command.protocol, command.port, command.serve);
    if (error == 0) {
      channel_.tell(Serving{command.protocol, command.port});
    } else {
      complain("serve " + std::string(to_string(command.protocol)) + " " +
               std::to_string(command.port) + ": " + text_of_errno(error));
    }
  }
  void obey(const StopPort& command) {
    server_.stop(command.protocol, command.port);
    channel_.tell(Stopped{command.protocol, command.port});
  }
  void obey(Ask& command) {
    if (collected_ >= kMostCollected) {
      complain("too many probes for one batch");
      return;
    }
    ++collected_;
    client_.collect(std::move(command));
  }
  void obey(const Go& command) {
    collected_ = 0;
    client_.go(command.batch);
  }

  std::size_t at_once_;
  std::size_t collected_ = 0;
  Poller poller_;
  LineChannel channel_;
  Server server_;
  Client client_;
};

}  // namespace
}  // namespace nettest::agent

int main(int argc, char** argv) {
  if (argc > 1) {
    const std::string text =
        std::string(argv[0]) +
        ": takes no arguments; it is started by nettest and speaks lines on stdin and stdout, "
        "protocol version " +
        std::to_string(nettest::agent::kProtocolVersion) + "\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    return std::string_view(argv[1]) == "--version" ? 0 : 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  nettest::agent::Agent agent(nettest::agent::raise_descriptor_limit());
  return agent.run();
}
