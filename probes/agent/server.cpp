#include "probes/agent/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/agent/net.hpp"

namespace nettest::agent {

namespace {

constexpr int kBacklog = 1024;
// So that a flood on one port leaves time for the others.
constexpr int kAtOnce = 64;
constexpr Duration kPatience = std::chrono::seconds(5);
constexpr std::size_t kLongestRequest = 8192;
constexpr std::string_view kDatagramStart = "nettest ";

void send_text(int descriptor, std::string_view text) {
  // The send buffer of a new connection holds it; if not, the client is not worth waiting for.
  [[maybe_unused]] const auto sent =
      ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::string http_response(std::string_view status, std::string_view body, bool with_body) {
  std::string text = "HTTP/1.1 ";
  text += status;
  text += "\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nContent-Length: ";
  text += std::to_string(body.size());
  text += "\r\nConnection: close\r\n\r\n";
  if (with_body) {
    text += body;
  }
  return text;
}

bool is_http(std::string_view request) {
  const auto line = request.substr(0, request.find('\n'));
  return line.find(" HTTP/1.") != std::string_view::npos;
}

bool is_complete(std::string_view request) {
  return request.find("\r\n\r\n") != std::string_view::npos ||
         request.find("\n\n") != std::string_view::npos;
}

// Answers from the address that was asked, which need not be the one that a route would choose.
union Control {
  cmsghdr align;
  std::array<char, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(in_pktinfo))> bytes;
};

void keep_only_address(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(part), sizeof(info));
      if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) {
        info.ipi6_ifindex = 0;
      }
      std::memcpy(CMSG_DATA(part), &info, sizeof(info));
      message.msg_control = part;
      message.msg_controllen = part->cmsg_len;
      return;
    }
    if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(part), sizeof(info));
      info.ipi_ifindex = 0;
      info.ipi_spec_dst = info.ipi_addr;
      std::memcpy(CMSG_DATA(part), &info, sizeof(info));
      message.msg_control = part;
      message.msg_controllen = part->cmsg_len;
      return;
    }
  }
  message.msg_control = nullptr;
  message.msg_controllen = 0;
}

}  // namespace

Server::Server(Poller& poller, std::size_t connections)
    : poller_(poller), most_(std::max<std::size_t>(connections, 1)) {}

Server::~Server() {
  for (const auto& [descriptor, listener] : listeners_) {
    ::close(descriptor);
  }
  for (const auto& connection : connections_) {
    ::close(connection.descriptor);
  }
}

int Server::serve(Protocol protocol, Port port, Serve serve) {
  if (protocol == Protocol::sctp) {
    return EPROTONOSUPPORT;
  }
  stop(protocol, port);
  const int type = protocol == Protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
  const int descriptor = open_bound(type, port);
  if (descriptor < 0) {
    return errno;
  }
  if (protocol == Protocol::udp) {
    set_option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set_option(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
  }
  if ((protocol == Protocol::tcp && ::listen(descriptor, kBacklog) != 0) ||
      !poller_.watch(descriptor, EPOLLIN, *this)) {
    const int error = errno;
    ::close(descriptor);
    return error;
  }
  listeners_.emplace(descriptor, Listener{protocol, port, serve});
  return 0;
}

void Server::stop(Protocol protocol, Port port) {
  for (auto it = listeners_.begin(); it != listeners_.end(); ++it) {
    if (it->second.protocol == protocol && it->second.port == port) {
      poller_.forget(it->first);
      ::close(it->first);
      listeners_.erase(it);
      return;
    }
  }
}

void Server::on_ready(int descriptor, std::uint32_t /*events*/) {
  if (const auto it = listeners_.find(descriptor); it != listeners_.end()) {
    const auto listener = it->second;
    if (listener.protocol == Protocol::udp) {
      answer_datagrams(descriptor);
    } else {
      accept_all(descriptor, listener.serve);
    }
    return;
  }
  if (const auto it = by_descriptor_.find(descriptor); it != by_descriptor_.end()) {
    read_request(it->second);
  }
}

void Server::accept_all(int listener, Serve serve) {
  const auto line = identity_ + "\n";
  for (int i = 0; i < kAtOnce; ++i) {
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) {
      if (is_exhaustion(errno) && !connections_.empty()) {
        close(connections_.begin());
        continue;
      }
      return;
    }
    if (serve == Serve::plain) {
      send_text(client, line);
      ::close(client);
      continue;
    }
    if (connections_.size() >= most_) {
      close(connections_.begin());
    }
    if (!poller_.watch(client, EPOLLIN, *this)) {
      ::close(client);
      continue;
    }
    const auto until = std::chrono::steady_clock::now() + kPatience;
    by_descriptor_[client] =
        connections_.insert(connections_.end(), Connection{client, until, {}, false});
  }
}

void Server::read_request(Connections::iterator connection) {
  std::array<char, 4096> buffer;  // NOLINT: recv fills it
  const auto got = ::recv(connection->descriptor, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      close(connection);
    }
    return;
  }
  // After the answer whatever comes is thrown away until the client closes.
  if (connection->answered) {
    return;
  }
  connection->request.append(buffer.data(), static_cast<std::size_t>(got));
  if (is_complete(connection->request) || connection->request.size() > kLongestRequest) {
    answer(*connection);
  }
}

void Server::answer(Connection& connection) const {
  const auto body = identity_ + "\n";
  if (connection.request.size() > kLongestRequest) {
    send_text(connection.descriptor,
              http_response("431 Request Header Fields Too Large", body, true));
  } else if (!is_http(connection.request)) {
    send_text(connection.descriptor, http_response("400 Bad Request", body, true));
  } else {
    const bool head = connection.request.rfind("HEAD ", 0) == 0;
    send_text(connection.descriptor, http_response("200 OK", body, !head));
  }
  ::shutdown(connection.descriptor, SHUT_WR);
  connection.answered = true;
  connection.request.clear();
  connection.request.shrink_to_fit();
}

void Server::close(Connections::iterator connection) {
  poller_.forget(connection->descriptor);
  ::close(connection->descriptor);
  by_descriptor_.erase(connection->descriptor);
  connections_.erase(connection);
}

TimePoint Server::close_idle(TimePoint now) {
  while (!connections_.empty() && connections_.front().until <= now) {
    close(connections_.begin());
  }
  return connections_.empty() ? TimePoint::max() : connections_.front().until;
}

void Server::answer_datagrams(int descriptor) {
  std::array<char, 512> buffer;  // NOLINT: recvmsg fills it
  for (int i = 0; i < kAtOnce; ++i) {
    sockaddr_storage sender{};
    Control control{};
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &sender;
    message.msg_namelen = sizeof(sender);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const auto got = ::recvmsg(descriptor, &message, 0);
    if (got < 0) {
      return;
    }
    const std::string_view request(buffer.data(), static_cast<std::size_t>(got));
    // Anything else gets no answer, so that no two servers answer each other for ever.
    if (request.substr(0, kDatagramStart.size()) != kDatagramStart) {
      continue;
    }
    std::string reply = identity_ + " ";
    reply += request.substr(kDatagramStart.size());
    part = {reply.data(), reply.size()};
    keep_only_address(message);
    message.msg_flags = 0;
    ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

}  // namespace nettest::agent
