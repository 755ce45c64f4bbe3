#include "tests/local/packet_world.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "base/text.hpp"
#include "harness/local/private_world.hpp"

namespace nettest {

namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

SocketAddress socket_address(const std::string& text, Port port) {
  SocketAddress result;
  if (text.find(':') == std::string::npos) {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    inet_pton(AF_INET, text.c_str(), &v4->sin_addr);
    result.length = sizeof(sockaddr_in);
  } else {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr);
    result.length = sizeof(sockaddr_in6);
  }
  return result;
}

int socket_type(Protocol protocol) {
  return (protocol == Protocol::udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
}

std::string outcome(int error) {
  switch (error) {
    case 0:
      return "connected";
    case ECONNREFUSED:
      return "refused";
    case ETIMEDOUT:
    case EINPROGRESS:
      return "silence";
    default:
      return std::string("unreachable: ") + std::strerror(error);
  }
}

bool wait_for(int socket, short events, int milliseconds) {
  pollfd one{socket, events, 0};
  return poll(&one, 1, milliseconds) > 0;
}

int pending_error(int socket) {
  int error = 0;
  socklen_t length = sizeof(error);
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

}  // namespace

std::string& why_no_world() {
  static std::string reason;
  return reason;
}

PodId pod_id(const std::string& text) {
  const auto parts = split(text, '/');
  return {parts.at(0), parts.at(1)};
}

Pod make_pod(const std::string& id, Labels labels, std::vector<ContainerPort> ports) {
  Pod pod;
  pod.id = pod_id(id);
  pod.labels = std::move(labels);
  pod.ports = std::move(ports);
  return pod;
}

Service make_service(const std::string& id, Labels selector, std::vector<ServicePort> ports) {
  Service service;
  service.id = {pod_id(id).namespace_name, pod_id(id).name};
  service.selector.match_labels = std::move(selector);
  service.ports = std::move(ports);
  service.families = {IpFamily::ipv4, IpFamily::ipv6};
  return service;
}

Change change_of(decltype(Change::action) action) {
  return {std::move(action), {}};
}

World small_world() {
  World world;
  for (const char* name : {"x", "y"}) {
    world.namespaces.push_back(
        {name, {{"ns", name}, {"kubernetes.io/metadata.name", name}}, false, {}});
  }
  const std::vector<ContainerPort> ports = {{"web", 80, Protocol::tcp, Serve::plain},
                                            {"", 81, Protocol::tcp, Serve::plain},
                                            {"", 80, Protocol::udp, Serve::plain}};
  const std::vector<std::pair<std::string, std::string>> places = {
      {"x/a", "n1"}, {"x/b", "n2"}, {"x/c", "n1"}, {"y/a", "n2"}};
  for (const auto& [id, node] : places) {
    world.pods.push_back(make_pod(id, {{"pod", pod_id(id).name}}, ports));
    world.pods.back().node = node;
  }
  return world;
}

void PacketWorld::SetUp() {
  if (private_world() == nullptr) {
    GTEST_SKIP() << why_no_world();
  }
  fabric_.emplace(private_world()->folder + "/pods");
}

void PacketWorld::TearDown() {
  servers_.clear();
  if (fabric_) {
    fabric_->clear();
  }
}

void PacketWorld::build(const World& world) {
  const auto built = fabric_->build(world);
  ASSERT_TRUE(built) << to_string(built.error());
  serve();
}

void PacketWorld::apply(std::vector<Change> changes) {
  const auto turnover = fabric_->prepare(changes);
  ASSERT_TRUE(turnover) << to_string(turnover.error());
  for (const PodId& gone : turnover->gone) {
    servers_.erase(std::remove_if(servers_.begin(),
                                  servers_.end(),
                                  [&](const Server& server) { return server.pod == gone; }),
                   servers_.end());
  }
  const auto done = fabric_->commit();
  ASSERT_TRUE(done) << to_string(done.error());
  serve();
}

void PacketWorld::police(const std::vector<NetworkPolicy>& policies) {
  std::vector<Change> changes;
  for (const auto& policy : fabric_->state().policies) {
    changes.push_back(change_of(DeletePolicy{policy.id}));
  }
  for (const auto& policy : policies) {
    changes.push_back(change_of(ApplyPolicy{policy}));
  }
  apply(changes);
}

void PacketWorld::serve() {
  for (const Pod& pod : fabric_->state().world.pods) {
    const bool served = std::any_of(servers_.begin(), servers_.end(), [&](const Server& server) {
      return server.pod == pod.id;
    });
    for (const ContainerPort& port : pod.ports) {
      if (served || port.protocol == Protocol::sctp) {
        continue;
      }
      const auto opened =
          in_network(fabric_->topology().pod(pod.id)->network, [&]() -> Result<void> {
            Descriptor server(socket(AF_INET6, socket_type(port.protocol), 0));
            const auto any = socket_address("::", port.port);
            if (bind(server.get(), reinterpret_cast<const sockaddr*>(&any.storage), any.length) !=
                0) {
              return fail(ErrorKind::engine, std::strerror(errno));
            }
            listen(server.get(), 1024);
            servers_.push_back({pod.id, port, std::move(server)});
            return {};
          });
      ASSERT_TRUE(opened) << to_string(opened.error());
    }
  }
}

void PacketWorld::answer_datagram(int client) {
  std::vector<pollfd> waiting;
  for (const Server& server : servers_) {
    const bool udp = server.port.protocol == Protocol::udp;
    waiting.push_back({udp ? server.socket.get() : -1, POLLIN, 0});
  }
  // An ICMP error ends the wait.
  waiting.push_back({client, 0, 0});
  if (poll(waiting.data(), waiting.size(), patience_ms_) <= 0) {
    return;
  }
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    std::array<char, 16> buffer{};
    SocketAddress from;
    from.length = sizeof(from.storage);
    auto* const peer = reinterpret_cast<sockaddr*>(&from.storage);
    if (waiting[i].revents != 0 &&
        recvfrom(waiting[i].fd, buffer.data(), buffer.size(), 0, peer, &from.length) > 0) {
      sendto(waiting[i].fd, buffer.data(), 5, 0, peer, from.length);
      asked_ = to_string(servers_[i].pod);
    }
  }
}

std::string PacketWorld::exchange(int client, const PacketTarget& target) {
  const auto to = socket_address(target.address, target.port);
  who_was_asked();
  const int started =
      connect(client, reinterpret_cast<const sockaddr*>(&to.storage), to.length) == 0 ? 0 : errno;
  if (target.protocol != Protocol::udp) {
    if (started != EINPROGRESS) {
      return outcome(started);
    }
    return outcome(wait_for(client, POLLOUT, patience_ms_) ? pending_error(client) : ETIMEDOUT);
  }
  if (started != 0) {
    return outcome(started);
  }
  ::send(client, "hello", 5, 0);
  answer_datagram(client);
  return outcome(wait_for(client, POLLIN, patience_ms_) ? pending_error(client) : ETIMEDOUT);
}

std::string PacketWorld::send_here(const PacketTarget& target) {
  const int family = target.address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const Descriptor client(socket(family, socket_type(target.protocol), 0));
  if (from_port_ != 0) {
    const auto own = socket_address(family == AF_INET ? "0.0.0.0" : "::", from_port_);
    bind(client.get(), reinterpret_cast<const sockaddr*>(&own.storage), own.length);
  }
  return exchange(client.get(), target);
}

std::string PacketWorld::send(const std::string& from, const PacketTarget& target) {
  std::string seen;
  const auto sent =
      in_network(fabric_->topology().pod(pod_id(from))->network, [&]() -> Result<void> {
        seen = send_here(target);
        return {};
      });
  return sent ? seen : to_string(sent.error());
}

std::string PacketWorld::reach(
    const std::string& from, const std::string& to, Port port, Protocol protocol, IpFamily family) {
  return send(from, {address(to, family), port, protocol});
}

std::string PacketWorld::who_was_asked() {
  std::string last = std::exchange(asked_, "");
  for (const Server& server : servers_) {
    if (server.port.protocol != Protocol::tcp) {
      continue;
    }
    for (;;) {
      const Descriptor accepted(accept(server.socket.get(), nullptr, nullptr));
      if (!accepted.valid()) {
        break;
      }
      last = to_string(server.pod);
    }
  }
  return last;
}

std::string PacketWorld::address(const std::string& pod, IpFamily family) {
  return to_string(*address_of(fabric_->addresses().pods.at(pod_id(pod)), family));
}

}  // namespace nettest
