#include "probes/wget.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "probes/http_answer.hpp"

namespace nettest {

namespace {

constexpr int kTerminate = 15;
// A shell's and timeout's "cannot execute" and "not found".
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

struct Phrase {
  std::string_view text;
  Signal signal;
};

// What GNU wget 1.x and BusyBox write (LC_ALL=C); glibc and musl spell some errors differently.
constexpr std::array<Phrase, 25> kPhrases = {{
    {"Connection refused", Signal::refused},
    {"Connection timed out", Signal::timed_out},
    {"Operation timed out", Signal::timed_out},
    {"download timed out", Signal::timed_out},
    {"No route to host", Signal::unreachable},
    {"Host is unreachable", Signal::unreachable},
    {"Network is unreachable", Signal::unreachable},
    {"Network unreachable", Signal::unreachable},
    {"Permission denied", Signal::unreachable},
    {"Operation not permitted", Signal::unreachable},
    {"Protocol not available", Signal::unreachable},
    {"unable to resolve host address", Signal::dns_failed},
    {"failure in name resolution", Signal::dns_failed},
    {"Name or service not known", Signal::dns_failed},
    {"No address associated with hostname", Signal::dns_failed},
    {"bad address", Signal::dns_failed},
    {"Connection reset by peer", Signal::reset},
    {"No data received", Signal::reset},
    {"error getting response", Signal::reset},
    {"connection closed prematurely", Signal::reset},
    {"Connection closed at byte", Signal::reset},
    {"Broken pipe", Signal::reset},
    {"Invalid host name", Signal::unusable},
    {"Cannot assign requested address", Signal::unusable},
    {"Too many open files", Signal::unusable},
}};

// Before a status code: GNU verbose, GNU -nv, BusyBox.
constexpr std::array<std::string_view, 4> kBeforeStatus = {
    "awaiting response... ", "ERROR ", "HTTP/1.1 ", "HTTP/1.0 "};

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

// The line of `text` that has `place` in it.
std::string line_at(std::string_view text, std::size_t place) {
  const auto before = text.rfind('\n', place);
  const auto start = before == std::string_view::npos ? 0 : before + 1;
  const auto end = text.find('\n', place);
  constexpr std::size_t kLongest = 200;
  return printable(trimmed(text.substr(start, end - start)), kLongest);
}

std::string last_line(std::string_view text) {
  const auto rest = trimmed(text);
  return rest.empty() ? std::string() : line_at(rest, rest.size() - 1);
}

struct Status {
  int code = 0;
  std::size_t place = 0;
};

// The last status code that is spoken of.
std::optional<Status> find_status(std::string_view text) {
  std::optional<Status> found;
  for (const auto before : kBeforeStatus) {
    const auto place = text.rfind(before);
    if (place == std::string_view::npos || (found && found->place > place)) {
      continue;
    }
    const auto digits = text.substr(place + before.size(), 3);
    int code = 0;
    const auto result = std::from_chars(digits.begin(), digits.end(), code);
    if (result.ec == std::errc() && result.ptr == digits.end() && code >= 100) {
      found = Status{code, place};
    }
  }
  return found;
}

struct Match {
  Signal signal = Signal::unusable;
  std::size_t place = 0;
};

// The last phrase counts: several addresses may have been tried.
std::optional<Match> find_phrase(std::string_view text) {
  std::optional<Match> found;
  for (const auto& phrase : kPhrases) {
    const auto place = text.rfind(phrase.text);
    if (place != std::string_view::npos && (!found || place > found->place)) {
      found = Match{phrase.signal, place};
    }
  }
  return found;
}

void set(Attempt& attempt, Signal signal, std::string detail) {
  attempt.signal = signal;
  attempt.detail = std::move(detail);
}

bool was_stopped_by_timeout(const WgetRun& run) {
  constexpr int kCoreutilsTimeout = 124;
  constexpr int kShellTerminated = 128 + kTerminate;
  return run.timed_out || run.signal == kTerminate || run.exit_code == kCoreutilsTimeout ||
         run.exit_code == kShellTerminated;
}

void judge_failure(const WgetRun& run, Attempt& attempt) {
  const auto status = find_status(run.errors);
  const auto phrase = find_phrase(run.errors);
  const bool cut = phrase && status && phrase->place > status->place;
  if (status && !cut) {
    const auto signal = signal_of_http_status(status->code);
    // It got its 200 and failed all the same: the body did not come whole.
    set(attempt,
        signal == Signal::connected ? Signal::reset : signal,
        line_at(run.errors, status->place));
    return;
  }
  if (phrase) {
    set(attempt, phrase->signal, line_at(run.errors, phrase->place));
    return;
  }
  set(attempt,
      Signal::unusable,
      "wget ended with exit code " + std::to_string(*run.exit_code) +
          ", and nobody knows why: " + last_line(run.errors));
}

std::string seconds_text(Duration timeout) {
  using std::chrono::milliseconds;
  const auto count = std::max<std::int64_t>(std::chrono::ceil<milliseconds>(timeout).count(), 1);
  auto fraction = std::to_string(count % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(count / 1000) + "." + fraction;
}

bool names_a_host(const std::string& url) {
  const auto start = url.find("://");
  const auto host = url.substr(start == std::string::npos ? 0 : start + 3);
  const auto end = host.find_first_of(host.rfind('[', 0) == 0 ? "]" : ":/");
  const auto name =
      host.substr(host.rfind('[', 0) == 0 ? 1 : 0,
                  host.rfind('[', 0) == 0 && end != std::string::npos ? end - 1 : end);
  return !IpAddress::parse(name);
}

}  // namespace

std::optional<Wget> detect_wget(std::string_view version_output) {
  Wget wget;
  if (version_output.find("GNU Wget") != std::string_view::npos) {
    return wget;
  }
  if (version_output.find("BusyBox") == std::string_view::npos) {
    return std::nullopt;
  }
  wget.flavour = Wget::Flavour::busybox;
  wget.has_timeout = version_output.find("\t-T ") != std::string_view::npos ||
                     version_output.find("[-T ") != std::string_view::npos;
  wget.has_no_proxy = version_output.find("-Y ") != std::string_view::npos;
  return wget;
}

std::vector<std::string> wget_command(const Wget& wget,
                                      const std::string& url,
                                      Duration timeout,
                                      IpFamily family) {
  const auto whole = std::to_string(
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(timeout).count(), 1));
  std::vector<std::string> words;
  if (wget.flavour == Wget::Flavour::busybox && !wget.has_timeout) {
    words = {"timeout", whole};
  }
  words.insert(words.end(), wget.program.begin(), wget.program.end());
  const auto add = [&words](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  if (wget.flavour == Wget::Flavour::gnu) {
    // Verbose: only so it tells a 504 from a reset.
    add({"-t", "1", "-T", seconds_text(timeout), "--no-proxy", "--max-redirect=0"});
    if (names_a_host(url)) {
      add({family == IpFamily::ipv4 ? "-4" : "-6"});
    }
  } else {
    add({"-q"});
    if (wget.has_no_proxy) {
      add({"-Y", "off"});
    }
    if (wget.has_timeout) {
      add({"-T", whole});
    }
  }
  add({"-O", "-", url});
  return words;
}

void judge_wget(const WgetRun& run, Attempt& attempt) {
  attempt.answered_by.clear();
  if (!run.not_started.empty()) {
    set(attempt, Signal::unusable, run.not_started);
  } else if (was_stopped_by_timeout(run)) {
    const auto last = last_line(run.errors);
    set(attempt,
        Signal::timed_out,
        "wget had no answer in time" + (last.empty() ? "" : ": " + last));
  } else if (!run.exit_code) {
    set(attempt, Signal::unusable, "wget was killed by signal " + std::to_string(run.signal));
  } else if (*run.exit_code == 0) {
    set(attempt, Signal::connected, "");
    attempt.answered_by = identity_of(run.output);
  } else if (*run.exit_code == kCannotExecute || *run.exit_code == kNotFound) {
    set(attempt, Signal::unusable, "wget cannot be run: " + last_line(run.errors));
  } else {
    judge_failure(run, attempt);
  }
}

}  // namespace nettest
