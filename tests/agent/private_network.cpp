#include "tests/agent/private_network.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace nettest {

namespace {

std::string reason;

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  return file.flush().good();
}

std::string failed(const std::string& what) {
  return what + ": " + std::strerror(errno);
}

std::string make_network() {
  const std::string script =
      "set -e; ip link set lo up\n"
      "ip link add hole type veth peer name hole-end; ip link set hole up; ip link set hole-end "
      "up\n"
      "ip addr add 10.9.0.1/24 dev hole\n"
      "ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev hole\n"
      "ip route add unreachable 10.9.1.0/24; ip route add prohibit 10.9.2.0/24\n";
  return std::system(script.c_str()) == 0 ? "" : "ip (iproute2) failed";
}

std::string enter() {
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (::unshare(CLONE_NEWUSER) != 0) {
    return failed("unshare(CLONE_NEWUSER)");
  }
  write_file("/proc/self/setgroups", "deny");
  if (!write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1") ||
      !write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1")) {
    return failed("uid_map");
  }
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
    return failed("unshare(CLONE_NEWNET)");
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failed("mount private");
  }
  return make_network();
}

}  // namespace

std::string enter_private_network() {
  reason = enter();
  return reason;
}

const std::string& why_no_private_network() {
  return reason;
}

void set_resolv_conf(const std::string& text) {
  static const std::string path = [] {
    std::string name = "/tmp/nettest-resolv.XXXXXX";
    ::close(::mkstemp(name.data()));
    ::mount(name.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr);
    // The mount keeps it.
    std::filesystem::remove(name);
    return std::string("/etc/resolv.conf");
  }();
  write_file(path, text);
}

}  // namespace nettest
