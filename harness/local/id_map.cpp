#include "harness/local/id_map.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <unistd.h>

#include "harness/local/forbidden.hpp"

namespace nettest {

namespace {

/// Writes in one write(2), as the kernel wants it. Returns 0 or an errno.
int write_at_once(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return errno;
  }
  const auto written = write(file, text.data(), text.size());
  const int error = written < 0 ? errno : 0;
  close(file);
  return error;
}

/// The ids of our own namespace, each mapped to itself: "0 0 4294967295" outside of containers.
std::string identity_map(const char* path) {
  std::ifstream file(path);
  std::string text;
  unsigned long inside = 0;
  unsigned long outside = 0;
  unsigned long count = 0;
  while (file >> inside >> outside >> count) {
    const auto first = std::to_string(inside);
    text.append(first).append(" ").append(first).append(" ");
    text.append(std::to_string(count)).append("\n");
  }
  return text;
}

std::string only(unsigned id) {
  return "0 " + std::to_string(id) + " 1\n";
}

}  // namespace

Result<void> map_ids(pid_t child) {
  const std::string folder = "/proc/" + std::to_string(child) + "/";
  if (geteuid() == 0 &&
      write_at_once(folder + "uid_map", identity_map("/proc/self/uid_map")) == 0 &&
      write_at_once(folder + "gid_map", identity_map("/proc/self/gid_map")) == 0) {
    return {};
  }
  // A root without CAP_SETUID may come here with its user ids mapped already.
  const int users = write_at_once(folder + "uid_map", only(geteuid()));
  if (users != 0 && geteuid() != 0) {
    return tl::unexpected(forbidden(KernelNeed::id_map, "write(uid_map)", users));
  }
  if (const int error = write_at_once(folder + "setgroups", "deny"); error != 0) {
    return tl::unexpected(forbidden(KernelNeed::id_map, "write(setgroups)", error));
  }
  if (const int error = write_at_once(folder + "gid_map", only(getegid())); error != 0) {
    return tl::unexpected(forbidden(KernelNeed::id_map, "write(gid_map)", error));
  }
  return {};
}

}  // namespace nettest
