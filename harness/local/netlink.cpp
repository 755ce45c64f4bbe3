#include "harness/local/netlink.hpp"

#include <array>
#include <cerrno>
#include <linux/netlink.h>
#include <numeric>
#include <sys/socket.h>

#include "harness/local/forbidden.hpp"

namespace nettest {

namespace {

constexpr std::size_t kMessageRoom = 1024;
constexpr std::size_t kMessagesPerSend = 60;
constexpr std::size_t kAnswerRoom = 32768;

}  // namespace

Result<Netlink> Netlink::open(int family) {
  const int socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
  const KernelNeed need = family == NETLINK_ROUTE ? KernelNeed::netlink : KernelNeed::nftables;
  if (socket_fd < 0) {
    return tl::unexpected(forbidden(need, "socket(AF_NETLINK)", errno));
  }
  const int on = 1;
  setsockopt(socket_fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
  setsockopt(socket_fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
  Netlink opened(socket_fd);
  opened.buffer_.resize(kMessageRoom * kMessagesPerSend);
  return opened;
}

nlmsghdr* Netlink::message(unsigned type, unsigned flags, std::string doing) {
  if (queued_.size() == kMessagesPerSend) {
    if (auto sent = send_queued(); !sent && failed_) {
      failed_ = std::move(sent);
    }
  }
  nlmsghdr* const header = mnl_nlmsg_put_header(buffer_.data() + queued_.size() * kMessageRoom);
  header->nlmsg_type = static_cast<std::uint16_t>(type);
  header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  queued_.push_back(header);
  doing_.push_back(std::move(doing));
  return header;
}

Result<void> Netlink::flush() {
  auto sent = send_queued();
  auto result = failed_ ? std::move(sent) : std::move(failed_);
  failed_ = {};
  return result;
}

Result<void> Netlink::send_queued() {
  if (queued_.empty()) {
    return {};
  }
  std::vector<iovec> parts;
  for (nlmsghdr* header : queued_) {
    header->nlmsg_seq = ++sequence_;
    parts.push_back({header, NLMSG_ALIGN(header->nlmsg_len)});
  }
  msghdr all{};
  all.msg_iov = parts.data();
  all.msg_iovlen = parts.size();
  Result<void> result;
  if (sendmsg(socket_.get(), &all, 0) < 0) {
    result = fail(ErrorKind::engine, failed_call("netlink: " + doing_.front(), errno));
  } else {
    result = receive_acknowledgements();
  }
  queued_.clear();
  doing_.clear();
  return result;
}

Result<std::vector<char>> Netlink::ask() {
  nlmsghdr* const question = queued_.front();
  question->nlmsg_flags = NLM_F_REQUEST;
  question->nlmsg_seq = ++sequence_;
  const std::string doing = "netlink: " + doing_.front();
  queued_.clear();
  doing_.clear();
  std::vector<char> answer(kAnswerRoom);
  ssize_t got = send(socket_.get(), question, question->nlmsg_len, 0);
  while (got >= 0) {
    got = recv(socket_.get(), answer.data(), answer.size(), 0);
    const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
    if (got < 0 && errno == EINTR) {
      got = 0;
    } else if (got > 0 && header->nlmsg_type == NLMSG_ERROR) {
      errno = -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header))->error;
      got = -1;
    } else if (got > 0 && header->nlmsg_seq == sequence_) {
      return answer;
    }
  }
  return fail(ErrorKind::engine, failed_call(doing, errno));
}

Result<void> Netlink::receive_acknowledgements() {
  Result<void> result;
  std::array<char, 16384> buffer{};
  for (std::size_t waiting = queued_.size(); waiting > 0;) {
    const auto got = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return fail(ErrorKind::engine, failed_call("recv(AF_NETLINK)", errno));
    }
    int left = static_cast<int>(got);
    for (const auto* header = reinterpret_cast<const nlmsghdr*>(buffer.data());
         mnl_nlmsg_ok(header, left);
         header = mnl_nlmsg_next(header, &left)) {
      if (header->nlmsg_type != NLMSG_ERROR) {
        continue;
      }
      --waiting;
      const auto* answer = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
      const std::size_t index = queued_.size() - (sequence_ - header->nlmsg_seq) - 1;
      if (answer->error != 0 && result && index < doing_.size()) {
        result = fail(ErrorKind::engine, failed_call("netlink: " + doing_[index], -answer->error));
      }
    }
  }
  return result;
}

}  // namespace nettest
