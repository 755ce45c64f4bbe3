#include "harness/local/private_world.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <optional>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "harness/local/forbidden.hpp"
#include "harness/local/id_map.hpp"
#include "harness/local/supervise.hpp"
#include "harness/local/world_socket.hpp"

namespace nettest {

namespace {

constexpr int kExitSetup = 70;
constexpr mode_t kFolderMode = 0755;

std::optional<PrivateWorld>& world_of_this_process() {
  static std::optional<PrivateWorld> value;
  return value;
}

/// What the processes of the chain share; all descriptors are close-on-exec.
struct Chain {
  Pipe ready;   // child → supervisor: "I have my user namespace"
  Pipe mapped;  // supervisor → child: "your ids are mapped"
  Pipe report;  // inside → supervisor: an error text, or the wait status of the body
  sigset_t old_mask{};
  PrivateWorld world;
  const std::function<int()>* body = nullptr;
};

[[noreturn]] void give_up(const Chain& chain, const Error& error) {
  chain.report.send("E" + error.message);
  _exit(kExitSetup);
}

/// Dies with its parent from now on. The parent may have died before that: the caller checks.
void die_with_parent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/// Makes room for many pods: each costs a handful of descriptors.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

[[noreturn]] void run_body(Chain& chain) {
  die_with_parent();
  chain.report.close();
  chain.mapped.close();
  chain.ready.close();
  raise_descriptor_limit();
  world_of_this_process() = chain.world;
  sigprocmask(SIG_SETMASK, &chain.old_mask, nullptr);
  const int code = (*chain.body)();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  std::exit(code);
}

/// Mounts a tmpfs over a folder of the kernel's own that nobody keeps files in.
std::string mount_private_folder(const Chain& chain) {
  int error = 0;
  for (const char* folder : {"/proc/fs", "/proc/tty", "/mnt"}) {
    if (mount("nettest", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0) {
      return folder;
    }
    error = errno;
  }
  give_up(chain, forbidden(KernelNeed::mount, "mount(tmpfs)", error));
}

/// Process 1 of the world: mounts, starts the body, reaps whatever is orphaned, ends with the body.
[[noreturn]] void run_init(Chain& chain) {
  die_with_parent();
  chain.ready.send("i");
  if (chain.mapped.receive_byte() != 'g') {
    _exit(kExitSetup);
  }
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    give_up(chain, forbidden(KernelNeed::mount, "mount(/, MS_PRIVATE)", errno));
  }
  // Refused in containers that mask parts of /proc; the inherited one then serves.
  static_cast<void>(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  chain.world.folder = mount_private_folder(chain);
  const pid_t body = fork();
  if (body < 0) {
    give_up(chain, forbidden(KernelNeed::namespaces, "fork", errno));
  }
  if (body == 0) {
    run_body(chain);
  }
  const int status = supervise(body);
  chain.report.send("S" + std::to_string(status));
  _exit(0);
}

/// The process between supervisor and init: enters the namespaces, and takes init with it when it
/// dies, because only children are born into a new PID namespace.
[[noreturn]] void run_gate(Chain& chain, pid_t supervisor) {
  die_with_parent();
  if (getppid() != supervisor) {
    _exit(kExitSetup);
  }
  if (unshare(CLONE_NEWUSER) != 0) {
    give_up(chain, forbidden(KernelNeed::user_namespace, "unshare(CLONE_NEWUSER)", errno));
  }
  chain.ready.send("u");
  if (chain.mapped.receive_byte() != 'm') {
    _exit(kExitSetup);
  }
  if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC) != 0) {
    give_up(chain,
            forbidden(KernelNeed::namespaces, "unshare(NEWNET|NEWNS|NEWUTS|NEWPID|NEWIPC)", errno));
  }
  chain.ready = Pipe::make();
  chain.mapped = Pipe::make();
  const pid_t init = fork();
  if (init < 0) {
    give_up(chain, forbidden(KernelNeed::namespaces, "fork", errno));
  }
  if (init == 0) {
    chain.mapped.close_writer();
    run_init(chain);
  }
  // Once it has said that it dies with us, it may go on.
  if (chain.ready.receive_byte() == 'i') {
    chain.mapped.send("g");
  }
  chain.report.close();
  const int status = supervise(init);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : kExitSetup);
}

Result<int> judge_end(const std::string& report, int gate_status) {
  if (report.starts_with('E')) {
    return fail(ErrorKind::engine, report.substr(1));
  }
  int status = gate_status;
  const bool told = report.starts_with('S');
  if (told) {
    status = std::atoi(report.c_str() + 1);
  }
  if (told && WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  const int number = WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;
  return fail(ErrorKind::engine,
              std::string("the run was killed by signal ") + std::to_string(number) + " (" +
                  sigdescr_np(number) + "); everything in its private world died with it" +
                  (number == SIGKILL ? "; look for the out-of-memory killer in `dmesg`" : ""));
}

Result<int> watch_over(Chain& chain, pid_t gate) {
  chain.report.close_writer();
  chain.ready.close_writer();
  if (chain.ready.receive_byte() == 'u') {
    if (const auto mapped = map_ids(gate); !mapped) {
      kill(gate, SIGKILL);
      waitpid(gate, nullptr, 0);
      return tl::unexpected(mapped.error());
    }
    chain.mapped.send("m");
  }
  const int status = supervise(gate);
  return judge_end(chain.report.receive_all(), status);
}

/// Names the world after its supervisor. Containers that share a network namespace may have equal
/// process ids: then a number is added.
Result<void> name_world(PrivateWorld& world, pid_t supervisor) {
  constexpr int kTries = 20;
  Result<int> listener = 0;
  for (int i = 0; i < kTries; ++i) {
    world.run = std::to_string(supervisor) + (i == 0 ? "" : "." + std::to_string(i));
    listener = listen_for_shells(world_socket_name(geteuid(), world.run));
    if (listener) {
      world.listener = *listener;
      return {};
    }
  }
  return tl::unexpected(listener.error());
}

}  // namespace

Result<int> run_in_private_world(const std::function<int()>& body) {
  Chain chain;
  chain.ready = Pipe::make();
  chain.mapped = Pipe::make();
  chain.report = Pipe::make();
  chain.body = &body;
  const pid_t supervisor = getpid();
  if (const auto named = name_world(chain.world, supervisor); !named) {
    return tl::unexpected(named.error());
  }
  std::cout.flush();
  std::fflush(nullptr);
  chain.old_mask = block_supervised_signals();
  const pid_t gate = fork();
  if (gate == 0) {
    chain.mapped.close_writer();
    run_gate(chain, supervisor);
  }
  close(chain.world.listener);
  Result<int> result = 0;
  if (gate < 0) {
    result = tl::unexpected(forbidden(KernelNeed::namespaces, "fork", errno));
  } else {
    result = watch_over(chain, gate);
  }
  sigprocmask(SIG_SETMASK, &chain.old_mask, nullptr);
  return result;
}

const PrivateWorld* private_world() {
  const auto& world = world_of_this_process();
  return world ? &*world : nullptr;
}

Result<void> enter_private_lane(int lane) {
  auto& world = world_of_this_process();
  if (!world) {
    return fail(ErrorKind::engine, "a lane of the local engine lives inside a private world only");
  }
  world->folder += "/lane-" + std::to_string(lane);
  if (mkdir(world->folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return fail(ErrorKind::engine, failed_call("mkdir(" + world->folder + ")", errno));
  }
  return {};
}

std::string world_socket_name(unsigned user, const std::string& run) {
  return "nettest-world-" + std::to_string(user) + "-" + run;
}

}  // namespace nettest
