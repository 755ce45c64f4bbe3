#include "harness/kubernetes/wget_shells.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "harness/process/line_child.hpp"
#include "probes/backend.hpp"
#include "probes/wget.hpp"

namespace nettest {

namespace {

/// Reads "ID COMMAND...", runs the command, and tells "ID o LINE", "ID e LINE", and at last "ID x
/// CODE": each in one write of less than a page, so that answers never mix. Words are split at
/// blanks and nothing else (set -f).
constexpr const char* kScript = R"(set -f; export LC_ALL=C; d=/nettest; [ -w "$d" ] || d=/tmp
ask() {
  i=$1; shift
  "$@" >"$d/w$i.o" 2>"$d/w$i.e" </dev/null; r=$?
  { head -n 1 "$d/w$i.o" | head -c 400 | sed "s/^/$i o /"; echo
    tail -c 1500 "$d/w$i.e" | sed "s/^/$i e /"; echo
    echo "$i x $r"; } >"$d/w$i.m"
  cat "$d/w$i.m"; rm -f "$d/w$i.o" "$d/w$i.e" "$d/w$i.m"
}
wget --version 2>&1 | head -n 60 | sed 's/^/version /'; echo; echo ready
while read -r line; do set -- $line; ask "$@" & done)";

/// What starting and reaping a process may take in a pod that is not starved.
constexpr Duration kSlack = std::chrono::milliseconds(700);

TimePoint now() {
  return std::chrono::steady_clock::now();
}

/// wget's time-out holds for looking up, and then for connecting; that of timeout(1) for all of it.
/// Only GNU's takes parts of a second.
Duration limit_of(const Wget& wget, Duration timeout) {
  const Duration whole =
      std::max(std::chrono::ceil<std::chrono::seconds>(timeout), std::chrono::seconds(1));
  if (wget.flavour == Wget::Flavour::gnu) {
    return 2 * timeout + kSlack;
  }
  return (wget.has_timeout ? 2 : 1) * whole + kSlack;
}

/// A wget that overran its own time-outs was starved: its silence says nothing about the path.
void doubt_the_starved(const Wget& wget, Attempt& attempt) {
  const bool silent = attempt.signal == Signal::timed_out || attempt.signal == Signal::dns_failed;
  if (silent && attempt.took > limit_of(wget, attempt.timeout)) {
    attempt.signal = Signal::unusable;
    attempt.detail = "the pod was too busy for wget to keep its time: " + attempt.detail;
  }
}

}  // namespace

struct WgetShells::State {
  struct Shell {
    std::optional<LineChild> child;
    std::string version;
    bool ready = false;
    std::optional<Wget> wget;
    std::string trouble;
    /// Indices of this round's questions that were not sent yet.
    std::vector<std::size_t> queue;
  };
  struct Asked {
    ShellWgetQuestion question;
    Attempt attempt;
    WgetRun run;
    bool answered = false;
  };

  Reactor& reactor;
  WgetEnter enter;
  Duration patience;
  std::map<PodId, std::unique_ptr<Shell>> shells = {};
  std::vector<Asked> round = {};
  /// Numbers are never used again, so that answers of an interrupted round are recognised.
  std::size_t first_id = 0;
  std::size_t open = 0;
  TimePoint end = {};

  Shell& shell_of(const PodId& pod);
  void start(const PodId& pod, Shell& shell);
  void on_line(Shell& shell, const PodId& pod, std::string_view line);
  void on_answer(const PodId& pod, std::string_view line);
  void send(Shell& shell, const PodId& pod);
  void give_up(const PodId& pod, const std::string& why);
  void finish(Asked& asked, const std::string& why);
};

WgetShells::State::Shell& WgetShells::State::shell_of(const PodId& pod) {
  auto& shell = shells[pod];
  if (!shell || !shell->trouble.empty()) {
    shell = std::make_unique<Shell>();
    start(pod, *shell);
  }
  return *shell;
}

void WgetShells::State::start(const PodId& pod, Shell& shell) {
  LineEvents events;
  events.on_line = [this, pod, &shell](std::string_view line) { on_line(shell, pod, line); };
  events.on_end = [this, pod](const ChildEnd& how) {
    give_up(pod, "kubectl exec ended: " + to_string(how));
  };
  auto child = LineChild::start(reactor, enter(pod, {"sh", "-c", kScript}), std::move(events));
  if (!child) {
    shell.trouble = child.error().message;
    return;
  }
  shell.child.emplace(std::move(*child));
}

void WgetShells::State::on_line(Shell& shell, const PodId& pod, std::string_view line) {
  if (shell.ready) {
    on_answer(pod, line);
    return;
  }
  constexpr std::string_view kVersion = "version ";
  if (line.rfind(kVersion, 0) == 0) {
    shell.version += std::string(line.substr(kVersion.size())) + "\n";
  } else if (line == "ready") {
    shell.ready = true;
    shell.wget = detect_wget(shell.version);
    send(shell, pod);
  }
}

void WgetShells::State::send(Shell& shell, const PodId& pod) {
  for (const auto index : std::exchange(shell.queue, {})) {
    auto& asked = round[index];
    if (!shell.wget) {
      finish(asked, "the image of " + to_string(pod) + " has no wget: give it one with `image:`");
      continue;
    }
    const auto words = wget_command(
        *shell.wget, asked.question.url, asked.question.timeout, asked.question.family);
    asked.attempt.sent = now();
    shell.child->send(std::to_string(first_id + index) + " " + join(words, " ") + "\n");
  }
}

void WgetShells::State::on_answer(const PodId& pod, std::string_view line) {
  std::size_t id = 0;
  const auto number = std::from_chars(line.begin(), line.end(), id);
  const auto rest = line.substr(static_cast<std::size_t>(number.ptr - line.data()));
  if (number.ec != std::errc() || rest.size() < 3 || id < first_id ||
      id - first_id >= round.size()) {
    return;
  }
  auto& asked = round[id - first_id];
  if (asked.answered || asked.question.from != pod) {
    return;
  }
  const auto text = rest.substr(3);
  if (rest[1] == 'o') {
    asked.run.output += std::string(text) + "\n";
  } else if (rest[1] == 'e') {
    asked.run.errors += std::string(text) + "\n";
  } else if (rest[1] == 'x') {
    int code = -1;
    const auto read = std::from_chars(text.begin(), text.end(), code);
    if (read.ec == std::errc()) {
      asked.run.exit_code = code;
    }
    finish(asked, read.ec == std::errc() ? "" : "wget's exit code did not arrive");
  }
}

void WgetShells::State::finish(Asked& asked, const std::string& why) {
  if (asked.answered) {
    return;
  }
  asked.answered = true;
  --open;
  asked.attempt.took = now() - asked.attempt.sent;
  asked.run.not_started = why;
  judge_wget(asked.run, asked.attempt);
  if (const auto& shell = shells[asked.question.from]; shell && shell->wget) {
    doubt_the_starved(*shell->wget, asked.attempt);
  }
  judge_backend(asked.attempt, asked.question.expected);
}

void WgetShells::State::give_up(const PodId& pod, const std::string& why) {
  if (const auto found = shells.find(pod); found != shells.end() && found->second) {
    found->second->trouble = why;
  }
  for (auto& asked : round) {
    if (asked.question.from == pod) {
      finish(asked, "wget in " + to_string(pod) + ": " + why);
    }
  }
}

WgetShells::WgetShells(Reactor& reactor, WgetEnter enter, Duration patience)
    : state_(std::make_unique<State>(State{reactor, std::move(enter), patience})) {}

WgetShells::~WgetShells() = default;

void WgetShells::begin(std::vector<ShellWgetQuestion> questions) {
  state_->first_id += state_->round.size();
  state_->round.clear();
  state_->open = questions.size();
  Duration longest{};
  for (auto& question : questions) {
    longest = std::max(longest, question.timeout);
    State::Asked asked;
    asked.attempt.timeout = question.timeout;
    asked.attempt.sent = now();
    asked.question = std::move(question);
    state_->round.push_back(std::move(asked));
  }
  // wget's time-out holds for looking up, connecting and reading, each, in whole seconds.
  state_->end = now() + 3 * std::max<Duration>(longest, std::chrono::seconds(1)) + state_->patience;
  for (std::size_t i = 0; i < state_->round.size(); ++i) {
    const auto pod = state_->round[i].question.from;
    auto& shell = state_->shell_of(pod);
    shell.queue.push_back(i);
    if (!shell.trouble.empty()) {
      state_->give_up(pod, shell.trouble);
    } else if (shell.ready) {
      state_->send(shell, pod);
    }
  }
  state_->reactor.wake_at(state_->end);
}

bool WgetShells::done() const {
  return state_->open == 0;
}

TimePoint WgetShells::deadline() const {
  return state_->end;
}

std::vector<Attempt> WgetShells::take() {
  std::vector<Attempt> attempts;
  for (auto& asked : state_->round) {
    if (!asked.answered) {
      state_->give_up(asked.question.from, "it said nothing until the deadline");
    }
    attempts.push_back(std::move(asked.attempt));
  }
  for (auto& [pod, shell] : state_->shells) {
    shell->queue.clear();
  }
  return attempts;
}

void WgetShells::remove(const PodId& pod) {
  state_->shells.erase(pod);
}

}  // namespace nettest
