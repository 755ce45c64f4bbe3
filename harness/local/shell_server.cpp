#include "harness/local/shell_server.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "harness/local/world_socket.hpp"
#include "harness/process/signalless_thread.hpp"

namespace nettest {

namespace {

constexpr std::size_t kRequestRoom = 1024;

void reply(int client, const std::string& text, const std::vector<int>& descriptors = {}) {
  iovec part{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  std::vector<std::byte> control(CMSG_SPACE(descriptors.size() * sizeof(int)));
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
  }
  // A client that is gone no longer cares.
  static_cast<void>(sendmsg(client, &message, MSG_NOSIGNAL));
}

}  // namespace

ShellServer::ShellServer(int listener, const Topology& topology)
    : listener_(listener), topology_(topology), stop_(eventfd(0, EFD_CLOEXEC)) {
  if (auto user = own_namespace("user")) {
    user_ = std::move(*user);
  }
  if (auto processes = own_namespace("pid")) {
    processes_ = std::move(*processes);
  }
  thread_ = signalless_thread([this] { serve(); });
}

ShellServer::~ShellServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(stop_.get(), &one, sizeof(one));
  thread_.join();
}

void ShellServer::serve() {
  std::array<pollfd, 2> waiting = {{{listener_, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  for (;;) {
    if (poll(waiting.data(), waiting.size(), -1) < 0) {
      continue;
    }
    if (waiting[1].revents != 0) {
      return;
    }
    // Does not wait: whoever knocked may be gone again.
    const Descriptor client(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    if (client.valid()) {
      answer(client.get());
    }
  }
}

void ShellServer::answer(int client) {
  // The owner of the world is root in it, and nobody else is.
  const auto user = peer_user(client);
  const timeval patience{1, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  std::string request(kRequestRoom, '\0');
  const auto got = recv(client, request.data(), request.size(), 0);
  if (!user || *user != 0 || got < 0) {
    return;
  }
  request.resize(static_cast<std::size_t>(got));
  const std::lock_guard lock(guard_);
  std::vector<std::string> names;
  for (const auto& [id, namespaces] : topology_.pods()) {
    names.push_back(to_string(id));
    if (names.back() == request) {
      reply(client,
            "ok",
            {user_.get(),
             namespaces.network.get(),
             namespaces.names.get(),
             namespaces.mounts.get(),
             processes_.get()});
      return;
    }
  }
  reply(client,
        "there is no pod " + printable(request) + spelling_hint(request, names) +
            "; pods: " + join(names, ", "));
}

}  // namespace nettest
