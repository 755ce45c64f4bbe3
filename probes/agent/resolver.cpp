#include "probes/agent/resolver.hpp"

#include <algorithm>
#include <ares.h>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace nettest::agent {

namespace {

constexpr const char* kResolvConf = "/etc/resolv.conf";
constexpr int kTries = 4;

// c-ares falls back to 127.0.0.1 without a word.
bool has_nameserver() {
  const int file = ::open(kResolvConf, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return false;
  }
  std::string text(65536, '\0');
  const auto got = ::read(file, text.data(), text.size());
  ::close(file);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text.rfind("nameserver", 0) == 0 || text.find("\nnameserver") != std::string::npos;
}

std::optional<IpAddress> address_of(const ares_addrinfo_node& node, IpFamily family) {
  if (family == IpFamily::ipv4 && node.ai_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, node.ai_addr, sizeof(v4));
    return IpAddress::from_ipv4(ntohl(v4.sin_addr.s_addr));
  }
  if (family == IpFamily::ipv6 && node.ai_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, node.ai_addr, sizeof(v6));
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return IpAddress::from_ipv6(bytes);
  }
  return std::nullopt;
}

std::optional<IpAddress> first_address(const ares_addrinfo* found, IpFamily family) {
  for (const auto* node = found != nullptr ? found->nodes : nullptr; node != nullptr;
       node = node->ai_next) {
    if (const auto address = address_of(*node, family)) {
      return address;
    }
  }
  return std::nullopt;
}

}  // namespace

struct Resolver::Channel {
  ares_channel channel = nullptr;
  int status = ARES_SUCCESS;
  bool usable = false;
};

Resolver::Resolver(Poller& poller, Duration patience)
    : poller_(poller), channel_(std::make_unique<Channel>()) {
  static const int ready = ares_library_init(ARES_LIB_INIT_ALL);
  ares_options options{};
  std::string lookups = "fb";
  const auto quarter = std::chrono::duration_cast<std::chrono::milliseconds>(patience / kTries);
  options.timeout = static_cast<int>(std::max<std::int64_t>(quarter.count(), 10));
  options.tries = kTries;
  options.lookups = lookups.data();
  options.sock_state_cb = &Resolver::on_socket;
  options.sock_state_cb_data = this;
  channel_->status = ready != ARES_SUCCESS
                         ? ready
                         : ares_init_options(&channel_->channel,
                                             &options,
                                             ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                                 ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
  channel_->usable = channel_->status == ARES_SUCCESS;
}

Resolver::~Resolver() {
  for (auto& [key, query] : queries_) {
    query.waiting.clear();
  }
  if (channel_->usable) {
    ares_destroy(channel_->channel);
  }
}

void Resolver::on_socket(void* data, int descriptor, int readable, int writable) {
  auto& self = *static_cast<Resolver*>(data);
  const auto events = (readable != 0 ? std::uint32_t{EPOLLIN} : 0U) |
                      (writable != 0 ? std::uint32_t{EPOLLOUT} : 0U);
  const bool known = self.watched_.count(descriptor) != 0;
  if (events == 0) {
    if (known) {
      self.poller_.unwatch(descriptor);
      self.watched_.erase(descriptor);
    }
  } else if (known) {
    self.poller_.change(descriptor, events);
  } else if (self.poller_.watch(descriptor, events, self)) {
    self.watched_.emplace(descriptor, true);
  }
}

void Resolver::on_ready(int descriptor, std::uint32_t events) {
  const auto failed = (events & (EPOLLERR | EPOLLHUP)) != 0U;
  const auto readable = failed || (events & EPOLLIN) != 0U;
  const auto writable = (events & EPOLLOUT) != 0U;
  ares_process_fd(channel_->channel,
                  readable ? descriptor : ARES_SOCKET_BAD,
                  writable ? descriptor : ARES_SOCKET_BAD);
}

TimePoint Resolver::process_timeouts(TimePoint now) {
  if (!channel_->usable) {
    return TimePoint::max();
  }
  ares_process_fd(channel_->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  timeval storage{};
  const timeval* next = ares_timeout(channel_->channel, nullptr, &storage);
  if (next == nullptr) {
    return TimePoint::max();
  }
  return now + std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec + 1000);
}

void Resolver::answer(Query& query, Resolved resolved) {
  query.answer = std::move(resolved);
  const auto waiting = std::exchange(query.waiting, {});
  for (const auto& tell : waiting) {
    tell(*query.answer);
  }
}

void Resolver::on_answer(void* data, int status, int /*timeouts*/, ares_addrinfo* found) {
  auto& query = *static_cast<Query*>(data);
  const auto address = first_address(found, query.family);
  if (found != nullptr) {
    ares_freeaddrinfo(found);
  }
  // The resolver is being destroyed.
  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) {
    return;
  }
  if (address) {
    query.resolver->answer(query, {address, Signal::connected, {}});
    return;
  }
  const bool configured = has_nameserver();
  query.resolver->answer(
      query,
      {std::nullopt,
       configured ? Signal::dns_failed : Signal::unusable,
       query.host + ": " +
           (configured ? ares_strerror(status) : "no nameserver in this pod's /etc/resolv.conf")});
}

void Resolver::resolve(const std::string& host, IpFamily family, Tell tell) {
  const auto [it, added] = queries_.try_emplace({host, family});
  auto& query = it->second;
  if (query.answer) {
    tell(*query.answer);
    return;
  }
  query.waiting.push_back(std::move(tell));
  if (!added) {
    return;
  }
  query.resolver = this;
  query.host = host;
  query.family = family;
  if (!channel_->usable) {
    answer(query, {std::nullopt, Signal::unusable, ares_strerror(channel_->status)});
    return;
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = family == IpFamily::ipv4 ? AF_INET : AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = ARES_AI_NOSORT;
  ares_getaddrinfo(channel_->channel, host.c_str(), nullptr, &hints, &Resolver::on_answer, &query);
}

}  // namespace nettest::agent
