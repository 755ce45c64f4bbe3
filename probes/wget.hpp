// The `wget` client: how it is called, and what it says. Pure. For GNU wget and BusyBox.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ip.hpp"
#include "probes/attempt.hpp"

namespace nettest {

/// A wget as found in a pod. BusyBox is built with or without its options; Debian's has no -T (and
/// crashes when it is given all the same), so `timeout` has to end it.
struct Wget {
  enum class Flavour { gnu, busybox };
  Flavour flavour = Flavour::gnu;
  bool has_timeout = true;
  bool has_no_proxy = true;
  /// The words that call it.
  std::vector<std::string> program = {"wget"};
};

/// Recognises it by what `wget --version` writes to stdout and stderr together (BusyBox answers
/// with its usage), or nothing.
std::optional<Wget> detect_wget(std::string_view version_output);

/// The command line that asks once and writes the body to stdout: one try, no proxy, no redirect
/// where it can be forbidden. `family` is enforced where the client can (GNU). BusyBox counts in
/// whole seconds; the caller may end it earlier.
std::vector<std::string> wget_command(const Wget& wget,
                                      const std::string& url,
                                      Duration timeout,
                                      IpFamily family);

/// How a run of it ended.
struct WgetRun {
  /// Not started at all: why.
  std::string not_started;
  /// The exit code, unless a signal ended it.
  std::optional<int> exit_code;
  int signal = 0;
  /// We killed it, because its time was up.
  bool timed_out = false;
  std::string output;
  std::string errors;
};

/// Fills signal, answered_by and detail of `attempt`. Whoever answers 2xx is `connected`: hold it
/// against the expected pods with judge_backend (probes/backend.hpp). HTTP errors are judged by
/// signal_of_http_status (probes/http_answer.hpp). What is not recognised is `unusable`, never
/// blocked.
void judge_wget(const WgetRun& run, Attempt& attempt);

}  // namespace nettest
