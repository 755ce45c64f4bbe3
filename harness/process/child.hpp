// What a child process is started with and how it ended, as plain values. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace nettest {

/// Where a child stands beside its parent. `group`: a process group of its own (a Ctrl-C at the
/// terminal does not reach it). `session`: a session of its own. `shared`: the parent's group, for
/// a program that uses the terminal.
enum class ChildGroup { group, session, shared };

/// A program to start. Whatever is said here, the child gets SIGKILL when the thread that started
/// it ends, default signal dispositions, no blocked signals, and no descriptor but 0, 1 and 2.
struct ChildSpec {
  /// argv[0] is searched in PATH (the child's own, seen from inside its namespaces) unless it
  /// contains a slash.
  std::vector<std::string> argv;
  /// "KEY=VALUE"; beside PATH, HOME=/ and LC_ALL=C, or beside the parent's whole environment.
  std::vector<std::string> environment = {};
  bool inherit_environment = false;
  /// Namespace descriptors that are entered in this order before exec: user (only if it is another
  /// than the parent's) first. A pid namespace holds for the child's children only.
  std::vector<int> namespaces = {};
  /// Working directory, entered after the namespaces; empty: the parent's.
  std::string directory = {};
  ChildGroup group = ChildGroup::group;
  /// A descriptor of the program itself (a memfd): no path is looked up, argv[0] is only a name.
  int program = -1;
  /// More output than this (each of stdout and stderr; for line I/O: in one line) kills the child.
  std::size_t output_limit = std::size_t{16} << 20U;
};

/// How a child came to its end.
struct ChildEnd {
  /// `lost`: it could not be waited for (nobody can say how it ended).
  enum class How { exited, signalled, lost };
  How how = How::lost;
  /// The exit code or the signal's number.
  int number = 0;
  /// The last lines of what it wrote to stderr, without the final newline.
  std::string last_errors;

  [[nodiscard]] bool success() const { return how == How::exited && number == 0; }
};

/// Says "exit code 1: <last line of stderr>", "killed by signal 9 (Killed)".
std::string to_string(const ChildEnd& end);

/// What became of a child that ran to its end.
struct ChildResult {
  ChildEnd end;
  std::string output;
  std::string errors;
  TimePoint started;
  Duration took{};
  /// It was killed by us because its time was up.
  bool timed_out = false;
  /// It was killed by us because it wrote more than its output_limit.
  bool flooded = false;
};

}  // namespace nettest
