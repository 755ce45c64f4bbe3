#include "harness/local/world_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include "harness/local/forbidden.hpp"
#include "harness/local/private_world.hpp"

namespace nettest {

namespace {

/// An abstract address: a NUL, then the name, no terminator.
std::pair<sockaddr_un, socklen_t> abstract_address(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::min(name.size(), sizeof(address.sun_path) - 1);
  std::memcpy(address.sun_path + 1, name.data(), length);
  return {address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length)};
}

using SocketCall = int (*)(int, const sockaddr*, socklen_t);

Result<int> open_socket(const std::string& name, int flags, SocketCall call, const char* what) {
  const int socket_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
  if (socket_fd < 0) {
    return fail(ErrorKind::engine, failed_call("socket(AF_UNIX)", errno));
  }
  const auto [address, length] = abstract_address(name);
  if (call(socket_fd, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    const int error = errno;
    close(socket_fd);
    return fail(ErrorKind::engine, failed_call(std::string(what) + "(@" + name + ")", error));
  }
  return socket_fd;
}

}  // namespace

Result<int> listen_for_shells(const std::string& name) {
  auto opened = open_socket(name, SOCK_NONBLOCK, &bind, "bind");
  if (opened && listen(*opened, 16) != 0) {
    const int error = errno;
    close(*opened);
    return fail(ErrorKind::engine, failed_call("listen", error));
  }
  return opened;
}

Result<int> connect_to_world(const std::string& name) {
  auto connected = open_socket(name, 0, &connect, "connect");
  if (!connected) {
    return connected;
  }
  const auto user = peer_user(*connected);
  if (!user || *user != geteuid()) {
    close(*connected);
    return fail(ErrorKind::engine, "the local world behind @" + name + " belongs to another user");
  }
  return connected;
}

std::vector<std::string> running_worlds(unsigned user) {
  const std::string prefix = "@" + world_socket_name(user, "");
  std::vector<std::string> runs;
  std::ifstream table("/proc/net/unix");
  for (std::string line; std::getline(table, line);) {
    const auto at = line.find(prefix);
    if (at != std::string::npos) {
      runs.push_back(line.substr(at + prefix.size()));
    }
  }
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

Result<unsigned> peer_user(int socket) {
  ucred peer{};
  socklen_t length = sizeof(peer);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) {
    return fail(ErrorKind::engine, failed_call("getsockopt(SO_PEERCRED)", errno));
  }
  return peer.uid;
}

}  // namespace nettest
