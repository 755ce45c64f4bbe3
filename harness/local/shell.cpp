#include "harness/local/shell.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"
#include "harness/local/forbidden.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/world_socket.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

namespace {

constexpr int kNotFound = 127;
constexpr std::size_t kNamespaces = 5;

Result<std::string> choose_run(const std::string& wanted) {
  const auto runs = running_worlds(geteuid());
  if (runs.empty()) {
    return fail(ErrorKind::usage,
                "no local world of this user is running; keep one with `nettest run SUITE --keep`");
  }
  if (!wanted.empty()) {
    if (std::find(runs.begin(), runs.end(), wanted) == runs.end()) {
      return fail(ErrorKind::usage,
                  "no local world " + wanted + " is running; there are: " + join(runs, ", "));
    }
    return wanted;
  }
  if (runs.size() > 1) {
    return fail(ErrorKind::usage,
                "several local worlds are running, choose one with --run: " + join(runs, ", "));
  }
  return runs.front();
}

/// The namespaces of the pod, or why not, in the world's own words.
Result<std::vector<Descriptor>> ask_for(int world, const std::string& pod) {
  if (send(world, pod.data(), pod.size(), MSG_NOSIGNAL) < 0) {
    return fail(ErrorKind::engine, failed_call("send", errno));
  }
  std::string text(65536, '\0');
  iovec part{text.data(), text.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kNamespaces * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto got = recvmsg(world, &message, MSG_CMSG_CLOEXEC);
  if (got <= 0) {
    return fail(ErrorKind::engine, "the local world does not answer; it may just be ending");
  }
  text.resize(static_cast<std::size_t>(got));
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (text != "ok" || header == nullptr) {
    return fail(ErrorKind::usage, text);
  }
  std::array<int, kNamespaces> numbers{};
  std::memcpy(numbers.data(), CMSG_DATA(header), sizeof(numbers));
  std::vector<Descriptor> namespaces;
  namespaces.reserve(numbers.size());
  for (const int number : numbers) {
    namespaces.emplace_back(number);
  }
  return namespaces;
}

Result<void> enter(const std::vector<Descriptor>& namespaces) {
  std::error_code ignored;
  const auto folder = std::filesystem::current_path(ignored);
  for (const Descriptor& one : namespaces) {
    if (setns(one.get(), 0) != 0) {
      return tl::unexpected(forbidden(KernelNeed::namespaces, "setns", errno));
    }
  }
  if (chdir(folder.c_str()) != 0) {
    static_cast<void>(chdir("/"));
  }
  return {};
}

/// The shell and its arguments; the prompt says where one is.
std::vector<std::string> interactive(const std::string& pod) {
  setenv("PS1", ("[nettest " + pod + "] \\w # ").c_str(), 1);
  const char* const own = std::getenv("SHELL");
  const std::string shell = own == nullptr ? "sh" : own;
  if (std::filesystem::path(shell).filename() == "bash") {
    return {shell, "--norc", "-i"};
  }
  setenv("PS1", ("[nettest " + pod + "] # ").c_str(), 1);
  return {"sh", "-i"};
}

[[noreturn]] void exec(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::perror(arguments[0]);
  _exit(kNotFound);
}

int wait_for(pid_t child) {
  // The child has the terminal: Ctrl-C is for it.
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before {};
  sigaction(SIGINT, &ignore, &before);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  sigaction(SIGINT, &before, nullptr);
  constexpr int kSignalled = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

}  // namespace

Result<int> run_in_pod(const ShellRequest& request) {
  const auto run = choose_run(request.run);
  if (!run) {
    return tl::unexpected(run.error());
  }
  const auto connected = connect_to_world(world_socket_name(geteuid(), *run));
  if (!connected) {
    return tl::unexpected(connected.error());
  }
  const Descriptor world(*connected);
  const auto namespaces = ask_for(world.get(), request.pod);
  if (!namespaces) {
    return tl::unexpected(namespaces.error());
  }
  if (auto entered = enter(*namespaces); !entered) {
    return tl::unexpected(entered.error());
  }
  const auto command = request.command.empty() ? interactive(request.pod) : request.command;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    return fail(ErrorKind::engine, failed_call("fork", errno));
  }
  if (child == 0) {
    exec(command);
  }
  return wait_for(child);
}

}  // namespace nettest
