// Netlink in batches: many messages per send, every one acknowledged. The only home of libmnl.
#pragma once

#include <cstddef>
#include <libmnl/libmnl.h>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// A netlink socket. It stays in the network namespace of the thread that opened it, so that other
/// threads can configure that namespace without entering it. Messages are queued and sent in
/// pieces small enough for the kernel's acknowledgements (hundreds in one send end in ENOBUFS).
class Netlink {
 public:
  Netlink() = default;

  /// Opens a socket of the family (NETLINK_ROUTE, NETLINK_NETFILTER) in the thread's namespace.
  static Result<Netlink> open(int family);

  /// Begins a message; the caller puts its header and attributes with libmnl before the next one.
  /// `doing` is for the error message: "add route to 10.244.1.2".
  nlmsghdr* message(unsigned type, unsigned flags, std::string doing);

  /// Sends what is queued and waits for the acknowledgements. Must be called before destruction
  /// if anything is queued; the first refusal is the error (of message() as well).
  Result<void> flush();

  /// Sends the one message that is queued, a question, and returns the message that answers it.
  Result<std::vector<char>> ask();

 private:
  explicit Netlink(int socket) : socket_(socket) {}
  Result<void> send_queued();
  Result<void> receive_acknowledgements();

  Descriptor socket_;
  std::vector<std::byte> buffer_;
  std::vector<nlmsghdr*> queued_;
  std::vector<std::string> doing_;
  unsigned sequence_ = 0;
  Result<void> failed_;
};

}  // namespace nettest
