#include "tests/support/process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nettest {

namespace {

constexpr unsigned kTooLong = 60;

struct Pipe {
  int reader = -1;
  int writer = -1;

  static Pipe make() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      std::abort();
    }
    return {ends[0], ends[1]};
  }
};

[[noreturn]] void become(const Launch& launch, const Pipe& out, const Pipe& err) {
  if (chdir(launch.folder.c_str()) != 0) {
    _exit(126);
  }
  const int target =
      launch.stdout_file.empty() ? out.writer : open(launch.stdout_file.c_str(), O_WRONLY);
  dup2(target, STDOUT_FILENO);
  dup2(err.writer, STDERR_FILENO);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  for (const auto& variable : launch.environment) {
    putenv(const_cast<char*>(variable.c_str()));  // NOLINT: execv needs it no longer than that
  }
  std::vector<char*> args;
  for (const auto& arg : launch.args) {
    args.push_back(const_cast<char*>(arg.c_str()));  // NOLINT: the signature of execv
  }
  args.push_back(nullptr);
  alarm(kTooLong);
  execv(args.front(), args.data());
  _exit(127);
}

/// Reads what is there; false at the end.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const auto got = read(descriptor, buffer.data(), buffer.size());
  if (got > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return got > 0;
}

}  // namespace

Finished run_process(const Launch& launch) {
  const Pipe out = Pipe::make();
  const Pipe err = Pipe::make();
  const pid_t child = fork();
  if (child == 0) {
    become(launch, out, err);
  }
  close(out.writer);
  close(err.writer);
  Finished finished;
  std::array<pollfd, 2> streams = {{{out.reader, POLLIN, 0}, {err.reader, POLLIN, 0}}};
  if (launch.closed_stdout) {
    close(out.reader);
    streams[0].fd = -1;
  }
  bool acted = !launch.then;
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    poll(streams.data(), streams.size(), -1);
    for (auto& stream : streams) {
      std::string& text = &stream == streams.data() ? finished.out : finished.err;
      if (stream.fd >= 0 && stream.revents != 0 && !read_some(stream.fd, text)) {
        close(stream.fd);
        stream.fd = -1;
      }
    }
    if (!acted && finished.err.find(launch.wait_for) != std::string::npos) {
      acted = true;
      launch.then(child);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  finished.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace nettest
