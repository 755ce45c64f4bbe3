// What tests of processes look at: our own children and descriptors.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/process/child.hpp"

namespace nettest {

inline TimePoint in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

inline ChildSpec shell(const std::string& script) {
  return ChildSpec{{"sh", "-c", script}};
}

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

/// True when no child is left, neither running nor as a zombie.
inline bool no_children_left() {
  return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

/// Whether a process of that id runs (a zombie does not).
inline bool runs(int pid) {
  std::error_code error;
  const auto exe = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
  return !error;
}

}  // namespace nettest
