#include "probes/agent/net.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

namespace nettest::agent {

namespace {

struct PortRange {
  Port first = 32768;
  Port last = 60999;
};

// Whole content of a small file of /proc.
std::string read_small(const char* path) {
  std::array<char, 64> buffer{};
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return {};
  }
  const auto got = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

PortRange source_ports() {
  const auto text = read_small("/proc/sys/net/ipv4/ip_local_port_range");
  PortRange range;
  Port first = 0;
  Port last = 0;
  const auto* const end = text.data() + text.size();
  const auto low = std::from_chars(text.data(), end, first);
  const auto* next = low.ptr;
  while (next != end && (*next == ' ' || *next == '\t')) {
    ++next;
  }
  const auto high = std::from_chars(next, end, last);
  if (low.ec == std::errc() && high.ec == std::errc() && first > 0 && first < last) {
    range = {first, last};
  }
  return range;
}

// The walk through the source ports starts where no earlier agent of this pod has just been.
Port first_source_port(const PortRange& range) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const auto mixed =
      static_cast<std::uint64_t>(now) / 1000 + static_cast<std::uint64_t>(::getpid()) * 7919;
  const auto width = static_cast<std::uint64_t>(range.last - range.first) + 1;
  return static_cast<Port>(range.first + mixed % width);
}

}  // namespace

const sockaddr* SocketAddress::get() const {
  return reinterpret_cast<const sockaddr*>(&storage);  // NOLINT: the sockets API
}

SocketAddress socket_address(const IpAddress& address, Port port) {
  SocketAddress result;
  if (address.family() == IpFamily::ipv4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, address.bytes().data(), sizeof(v4.sin_addr));
    std::memcpy(&result.storage, &v4, sizeof(v4));
    result.size = sizeof(v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, address.bytes().data(), sizeof(v6.sin6_addr));
    std::memcpy(&result.storage, &v6, sizeof(v6));
    result.size = sizeof(v6);
  }
  return result;
}

int open_socket(int domain, int type) {
  return ::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof(value));
}

int open_bound(int type, Port port) {
  SocketAddress any = socket_address(IpAddress::from_ipv6({}), port);
  int descriptor = open_socket(AF_INET6, type);
  if (descriptor < 0 && errno == EAFNOSUPPORT) {
    any = socket_address(IpAddress::from_ipv4(0), port);
    descriptor = open_socket(AF_INET, type);
  }
  if (descriptor < 0) {
    return -1;
  }
  set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (type == SOCK_STREAM) {
    // Only against connections of an agent before us that still wind down.
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  }
  if (::bind(descriptor, any.get(), any.size) != 0) {
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return -1;
  }
  return descriptor;
}

Signal signal_of_errno(int error_number) {
  switch (error_number) {
    case ECONNREFUSED:
      return Signal::refused;
    case ETIMEDOUT:
      return Signal::timed_out;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return Signal::reset;
    // The last four are what ICMP "administratively prohibited" and "protocol unreachable" become.
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
    case ENONET:
    case EACCES:
    case EPERM:
    case ENOPROTOOPT:
    case EPROTO:
      return Signal::unreachable;
    default:
      return Signal::unusable;
  }
}

bool is_exhaustion(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

std::string text_of_errno(int error_number) {
  return std::strerror(error_number);  // NOLINT(concurrency-mt-unsafe): one thread
}

bool bind_next_source_port(int descriptor, IpFamily family) {
  static const PortRange range = source_ports();
  static Port next = first_source_port(range);
  const auto any = family == IpFamily::ipv4 ? IpAddress::from_ipv4(0) : IpAddress::from_ipv6({});
  const int width = range.last - range.first + 1;
  for (int tries = 0; tries < width; ++tries) {
    const auto address = socket_address(any, next);
    next = next >= range.last ? range.first : static_cast<Port>(next + 1);
    if (::bind(descriptor, address.get(), address.size) == 0) {
      return true;
    }
    if (errno != EADDRINUSE) {
      return false;
    }
  }
  return false;
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  constexpr rlim_t kUsual = 1024;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return kUsual;
  }
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1U << 20U));
}

}  // namespace nettest::agent
