#include "harness/process/spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

// Boost 1.81 needs the first two when std::filesystem is used.
#include <boost/optional.hpp>
#include <boost/type_traits.hpp>
//
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/src.hpp>

#include "harness/process/event_loop.hpp"
#include "harness/process/exec_plan.hpp"

namespace nettest {

namespace bp = boost::process::v2;

// Not Boost's own async_wait: it blocks in waitpid when Asio wakes it for nothing, which happens
// when a descriptor's number was used before (Boost 1.81, seen with 16 children at once).
struct Process::State : std::enable_shared_from_this<Process::State> {
  boost::asio::posix::stream_descriptor pidfd;
  int pid;
  bool own_group;
  bool ended = false;
  std::function<void(ChildEnd)> callback;

  State(Reactor::Loop& loop, int id, bool group, Descriptor descriptor)
      : pidfd(loop.io, descriptor.release()), pid(id), own_group(group) {}

  void kill_group() const { ::kill(own_group ? -pid : pid, SIGKILL); }
  void wait_on();
  void on_ready();
};

namespace {

constexpr int kAboveStdio = 3;

struct Pipe {
  Descriptor read;
  Descriptor write;
};

// Both ends close-on-exec and above 2, so that dup2 in the child never meets itself.
Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::engine, std::string("pipe: ") + std::strerror(errno));  // NOLINT
  }
  std::array<Descriptor, 2> low{Descriptor(ends[0]), Descriptor(ends[1])};
  Pipe pipe;
  pipe.read = low[0].get() >= kAboveStdio
                  ? std::move(low[0])
                  : Descriptor(::fcntl(low[0].get(), F_DUPFD_CLOEXEC, kAboveStdio));
  pipe.write = low[1].get() >= kAboveStdio
                   ? std::move(low[1])
                   : Descriptor(::fcntl(low[1].get(), F_DUPFD_CLOEXEC, kAboveStdio));
  if (!pipe.read.valid() || !pipe.write.valid()) {
    return fail(ErrorKind::engine, std::string("pipe: ") + std::strerror(errno));  // NOLINT
  }
  return pipe;
}

void set_nonblocking(const Descriptor& descriptor) {
  ::fcntl(descriptor.get(), F_SETFL, ::fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

// The launcher's own exec is never reached: run() searches PATH after entering the namespaces, and
// the launcher's way out of a failed exec is exit(), which would run our exit handlers in the
// child.
struct BecomeProgram {
  const ExecPlan* plan;

  template <typename Launcher, typename Path>
  bp::error_code on_exec_setup(Launcher& /*launcher*/,
                               const Path& /*executable*/,
                               const char* const*& /*argv*/) const {
    plan->run();
  }
};

struct ChildPipes {
  Pipe input;
  Pipe output;
  Pipe errors;
  Pipe report;
};

Result<ChildPipes> make_pipes() {
  std::array<Pipe, 4> pipes;
  for (auto& pipe : pipes) {
    auto made = make_pipe();
    if (!made) {
      return tl::unexpected(made.error());
    }
    pipe = std::move(*made);
  }
  return ChildPipes{
      std::move(pipes[0]), std::move(pipes[1]), std::move(pipes[2]), std::move(pipes[3])};
}

// Nothing was written: the report pipe was closed by exec.
ExecFailure read_report(const Descriptor& report) {
  ExecFailure failure;
  ssize_t got = -1;
  do {
    got = ::read(report.get(), &failure, sizeof(failure));
  } while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof(failure)) ? failure : ExecFailure{};
}

bool reap(int pid, int& status) {
  pid_t got = -1;
  do {
    got = ::waitpid(pid, &status, 0);
  } while (got < 0 && errno == EINTR);
  return got == pid;
}

// Forks and execs; the pid, or why not.
Result<int> launch(Reactor::Loop& loop, const ExecPlan& plan) {
  try {
    bp::posix::default_launcher launcher;
    bp::error_code error;
    const std::vector<std::string> no_arguments;
    auto process =
        launcher(loop.launching.get_executor(), error, "/", no_arguments, BecomeProgram{&plan});
    if (error) {
      return fail(ErrorKind::engine, "start a child: " + error.message());
    }
    process.detach();
    return launcher.pid;
  } catch (const std::exception& error) {
    return fail(ErrorKind::engine, std::string("start a child: ") + error.what());
  }
}

// Makes the running child known to the event loop; kills it if that fails.
Result<Process> watch(Reactor::Loop& loop, int pid, const ChildSpec& spec) {
  const bool own_group = spec.group != ChildGroup::shared;
  std::string reason;
  try {
    Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (pidfd.valid()) {
      return Process(std::make_shared<Process::State>(loop, pid, own_group, std::move(pidfd)));
    }
    reason = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe)
  } catch (const std::exception& error) {
    reason = error.what();
  }
  int status = 0;
  ::kill(own_group ? -pid : pid, SIGKILL);
  reap(pid, status);
  return fail(ErrorKind::engine, spec.argv.front() + ": watch the child (pidfd_open): " + reason);
}

ChildEnd end_of(int status) {
  if (WIFSIGNALED(status)) {
    return {ChildEnd::How::signalled, WTERMSIG(status), {}};
  }
  return {ChildEnd::How::exited, WEXITSTATUS(status), {}};
}

bool readable(int descriptor) {
  pollfd request{descriptor, POLLIN, 0};
  return ::poll(&request, 1, 0) == 1;
}

}  // namespace

void Process::State::wait_on() {
  pidfd.async_wait(boost::asio::posix::descriptor_base::wait_read,
                   [state = shared_from_this()](const boost::system::error_code& error) {
                     if (!error && !state->ended) {
                       state->on_ready();
                     }
                   });
}

void Process::State::on_ready() {
  if (!readable(pidfd.native_handle())) {
    wait_on();
    return;
  }
  // Before it is reaped, so that nobody else can have its number yet.
  if (own_group) {
    kill_group();
  }
  int status = 0;
  const auto reaped = reap(pid, status);
  ended = true;
  boost::system::error_code ignored;
  pidfd.close(ignored);
  const auto tell = std::move(callback);
  tell(reaped ? end_of(status) : ChildEnd{});
}

Process::Process(std::shared_ptr<State> state) : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;
Process& Process::operator=(Process&&) noexcept = default;

Process::~Process() {
  if (state_ && !state_->ended) {
    int status = 0;
    kill_group();
    reap(state_->pid, status);
    state_->ended = true;
    state_->callback = nullptr;
    boost::system::error_code ignored;
    state_->pidfd.close(ignored);
  }
}

int Process::pid() const {
  return state_->pid;
}

void Process::kill_group() const {
  state_->kill_group();
}

void Process::on_exit(std::function<void(ChildEnd)> callback) const {
  state_->callback = std::move(callback);
  state_->wait_on();
}

Result<Spawned> spawn(const Reactor& reactor, const ChildSpec& spec) {
  if (spec.argv.empty()) {
    return fail(ErrorKind::engine, "start a child: no program given");
  }
  auto pipes = make_pipes();
  if (!pipes) {
    return tl::unexpected(pipes.error().while_doing(spec.argv.front()));
  }
  const ExecPlan plan(
      spec,
      {pipes->input.read.get(), pipes->output.write.get(), pipes->errors.write.get()},
      pipes->report.write.get());
  const auto pid = launch(reactor.loop(), plan);
  if (!pid) {
    return tl::unexpected(pid.error().while_doing(spec.argv.front()));
  }
  pipes->report.write.close();
  if (const auto failure = read_report(pipes->report.read); failure.step != ExecStep::none) {
    int status = 0;
    reap(*pid, status);
    return fail(ErrorKind::engine, plan.explain(failure));
  }
  for (const auto* end : {&pipes->input.write, &pipes->output.read, &pipes->errors.read}) {
    set_nonblocking(*end);
  }
  auto process = watch(reactor.loop(), *pid, spec);
  if (!process) {
    return tl::unexpected(process.error());
  }
  return Spawned{std::move(*process),
                 std::move(pipes->input.write),
                 std::move(pipes->output.read),
                 std::move(pipes->errors.read)};
}

}  // namespace nettest
