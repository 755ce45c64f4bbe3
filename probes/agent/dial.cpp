#include "probes/agent/dial.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "probes/agent/http_reader.hpp"
#include "probes/agent/net.hpp"
#include "probes/http_answer.hpp"

namespace nettest::agent {

namespace {

constexpr std::size_t kLongestGreeting = 512;

// TCP, plain: the server speaks first, so readiness to read is all that is waited for.
class GreetingDial : public Dial {
 public:
  using Dial::Dial;

  void start(const IpAddress& address) override {
    if (!open(address, SOCK_STREAM)) {
      return;
    }
    if (!poller_.watch(descriptor_, first_events(), *this)) {
      fail_with(errno);
    }
  }

  void on_ready(int /*descriptor*/, std::uint32_t events) override {
    // Reading tells an error too, but what was sent before a reset first.
    if (events == EPOLLOUT) {
      on_connected();
    } else {
      read();
    }
  }

  [[nodiscard]] Outcome at_deadline() const override {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    // NOLINTNEXTLINE: the sockets API
    if (::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&peer), &size) == 0) {
      return {Signal::timed_out, {}, "connected, but no answer came", false};
    }
    return {Signal::timed_out, {}, "no answer to the connection request", false};
  }

 protected:
  [[nodiscard]] virtual std::uint32_t first_events() const { return EPOLLIN; }
  virtual void on_connected() {}
  // Returns the outcome when enough was read.
  [[nodiscard]] virtual std::optional<Outcome> judge(std::string_view text, bool at_end) const {
    if (text.find('\n') == std::string_view::npos && !at_end && text.size() < kLongestGreeting) {
      return std::nullopt;
    }
    if (text.empty()) {
      return Outcome{Signal::reset, {}, "closed before it said who it is", false};
    }
    return Outcome{Signal::connected, identity_of(text), {}, false};
  }

 private:
  void read() {
    std::array<char, 4096> buffer;  // NOLINT: recv fills it
    const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) {
        fail_with(errno);
      }
      return;
    }
    text_.append(buffer.data(), static_cast<std::size_t>(got));
    if (auto outcome = judge(text_, got == 0)) {
      finish(std::move(*outcome));
    }
  }

  std::string text_;
};

class HttpDial : public GreetingDial {
 public:
  using GreetingDial::GreetingDial;

 protected:
  [[nodiscard]] std::uint32_t first_events() const override { return EPOLLIN | EPOLLOUT; }
  void on_connected() override {
    const auto& host = ask_.http_host.empty() ? ask_.host : ask_.http_host;
    const bool bare_ipv6 = host.find(':') != std::string::npos && host.front() != '[' &&
                           host.find(':') != host.rfind(':');
    const std::string request = "GET / HTTP/1.1\r\nHost: " + (bare_ipv6 ? "[" + host + "]" : host) +
                                "\r\nUser-Agent: nettest-agent\r\nAccept: */*\r\n"
                                "Connection: close\r\n\r\n";
    if (::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
      fail_with(errno);
      return;
    }
    poller_.change(descriptor_, EPOLLIN);
  }
  [[nodiscard]] std::optional<Outcome> judge(std::string_view text, bool at_end) const override {
    const auto response = read_http(text, at_end);
    if (!response) {
      return std::nullopt;
    }
    if (response->status == 0) {
      return Outcome{at_end && text.empty() ? Signal::reset : Signal::wrong_backend,
                     identity_of(text),
                     text.empty() ? "closed without an answer" : "the answer is not HTTP",
                     false};
    }
    return Outcome{signal_of_http_status(response->status),
                   identity_of(response->body),
                   "HTTP " + std::to_string(response->status),
                   false};
  }
};

std::string new_nonce() {
  static std::uint64_t last = [] {
    std::uint64_t value = 0;
    [[maybe_unused]] const auto got = ::getrandom(&value, sizeof(value), GRND_NONBLOCK);
    return value;
  }();
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), ++last, 16);
  return {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())};
}

class DatagramDial : public Dial {
 public:
  using Dial::Dial;

  void start(const IpAddress& address) override {
    if (!open(address, SOCK_DGRAM)) {
      return;
    }
    if (!poller_.watch(descriptor_, EPOLLIN, *this)) {
      fail_with(errno);
      return;
    }
    send_again();
  }

  void send_again() override {
    const auto request = "nettest " + nonce_ + "\n";
    if (::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN &&
        errno != ENOBUFS) {
      fail_with(errno);
    }
  }

  void on_ready(int /*descriptor*/, std::uint32_t /*events*/) override {
    std::array<char, 1024> buffer;  // NOLINT: recv fills it
    const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) {
        fail_with(errno);
      }
      return;
    }
    const std::string_view reply(buffer.data(), static_cast<std::size_t>(got));
    const auto blank = reply.rfind(' ');
    if (blank == std::string_view::npos || reply.substr(blank + 1) != nonce_ + "\n") {
      finish({Signal::wrong_backend, identity_of(reply), "the reply lacks our nonce", false});
      return;
    }
    finish({Signal::connected, identity_of(reply.substr(0, blank)), {}, false});
  }

  [[nodiscard]] Outcome at_deadline() const override {
    return {Signal::timed_out, {}, "no reply", false};
  }

 private:
  std::string nonce_ = new_nonce();
};

}  // namespace

Dial::Dial(Poller& poller, const Ask& ask, Tell tell)
    : poller_(poller), ask_(ask), tell_(std::move(tell)) {}

Dial::~Dial() {
  if (descriptor_ >= 0) {
    poller_.forget(descriptor_);
    ::close(descriptor_);
  }
}

bool Dial::open(const IpAddress& address, int type) {
  descriptor_ = open_socket(address.family() == IpFamily::ipv4 ? AF_INET : AF_INET6, type);
  if (descriptor_ < 0) {
    fail_with(errno);
    return false;
  }
  if (type == SOCK_STREAM) {
    // Close with a reset: no TIME_WAIT, and the next attempt gets another source port.
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  } else if (!bind_next_source_port(descriptor_, address.family())) {
    fail_with(errno);
    return false;
  }
  const auto peer = socket_address(address, ask_.port);
  if (::connect(descriptor_, peer.get(), peer.size) != 0 && errno != EINPROGRESS) {
    // EAGAIN and EADDRNOTAVAIL: no source port or no source address is left.
    fail_with(errno);
    return false;
  }
  return true;
}

void Dial::finish(Outcome outcome) {
  if (descriptor_ >= 0) {
    poller_.forget(descriptor_);
    ::close(descriptor_);
    descriptor_ = -1;
  }
  tell_(std::move(outcome));
}

void Dial::fail_with(int error_number) {
  finish({signal_of_errno(error_number),
          {},
          text_of_errno(error_number),
          is_exhaustion(error_number)});
}

std::unique_ptr<Dial> make_dial(Poller& poller, const Ask& ask, Dial::Tell tell) {
  if (ask.protocol == Protocol::udp) {
    return std::make_unique<DatagramDial>(poller, ask, std::move(tell));
  }
  if (ask.serve == Serve::http) {
    return std::make_unique<HttpDial>(poller, ask, std::move(tell));
  }
  return std::make_unique<GreetingDial>(poller, ask, std::move(tell));
}

}  // namespace nettest::agent
