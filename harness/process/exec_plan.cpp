#include "harness/process/exec_plan.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr int kFirstInherited = 3;

std::string_view key_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

// Later entries replace earlier ones of the same key.
void put(std::vector<std::string>& environment, const std::string& entry) {
  for (auto& known : environment) {
    if (key_of(known) == key_of(entry)) {
      known = entry;
      return;
    }
  }
  environment.push_back(entry);
}

std::string own_path() {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  return path != nullptr && *path != '\0' ? path : kDefaultPath;
}

std::vector<std::string> environment_of(const ChildSpec& spec) {
  std::vector<std::string> environment;
  if (spec.inherit_environment) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      environment.emplace_back(*entry);
    }
  } else {
    environment.emplace_back("HOME=/");
  }
  put(environment, "PATH=" + own_path());
  put(environment, "LC_ALL=C");
  for (const auto& entry : spec.environment) {
    put(environment, entry);
  }
  return environment;
}

std::string path_of(const std::vector<std::string>& environment) {
  for (const auto& entry : environment) {
    if (key_of(entry) == "PATH") {
      return entry.substr(std::strlen("PATH="));
    }
  }
  return kDefaultPath;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const auto& text : texts) {
    result.push_back(const_cast<char*>(text.c_str()));  // NOLINT: execve's old signature
  }
  result.push_back(nullptr);
  return result;
}

ExecFailure failed(ExecStep step, int index = 0) {
  return ExecFailure{step, errno, index};
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    ::signal(number, SIG_DFL);  // NOLINT: fails harmlessly for SIGKILL and SIGSTOP
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool enter_group(ChildGroup group) {
  switch (group) {
    case ChildGroup::group:
      return ::setpgid(0, 0) == 0;
    case ChildGroup::session:
      return ::setsid() >= 0;
    case ChildGroup::shared:
      return true;
  }
  return true;
}

}  // namespace

ExecPlan::ExecPlan(const ChildSpec& spec, std::vector<int> stdio, int report)
    : spec_(&spec),
      stdio_(std::move(stdio)),
      report_(report),
      parent_(::getpid()),
      environment_(environment_of(spec)),
      argv_(pointers(spec.argv)),
      environ_(pointers(environment_)) {
  search_path_ = path_of(environment_);
  if (spec.program >= 0 || spec.argv.empty()) {
    return;
  }
  const auto& name = spec.argv.front();
  if (name.find('/') != std::string::npos) {
    programs_.push_back(name);
    return;
  }
  for (const auto& folder : split(search_path_, ':')) {
    programs_.push_back((folder.empty() ? "." : folder) + "/" + name);
  }
}

ExecFailure ExecPlan::prepare() const {
  for (std::size_t i = 0; i < stdio_.size(); ++i) {
    if (::dup2(stdio_[i], static_cast<int>(i)) < 0) {
      return failed(ExecStep::stdio);
    }
  }
  if (!enter_group(spec_->group)) {
    return failed(ExecStep::group);
  }
  reset_signals();
  for (std::size_t i = 0; i < spec_->namespaces.size(); ++i) {
    if (::setns(spec_->namespaces[i], 0) != 0) {
      return failed(ExecStep::namespaces, static_cast<int>(i));
    }
  }
  if (!spec_->directory.empty() && ::chdir(spec_->directory.c_str()) != 0) {
    return failed(ExecStep::directory);
  }
  // After setns: a change of credentials clears it. The parent may have died before it was set.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent_) {
    return failed(ExecStep::parent);
  }
  // Whatever somebody opened without O_CLOEXEC. Kernels before 5.11 lack it: then O_CLOEXEC serves.
  ::syscall(SYS_close_range, kFirstInherited, ~0U, CLOSE_RANGE_CLOEXEC);
  return {};
}

int ExecPlan::exec() const {
  if (spec_->program >= 0) {
    ::syscall(SYS_execveat, spec_->program, "", argv_.data(), environ_.data(), AT_EMPTY_PATH);
    return errno;
  }
  int reason = ENOENT;
  for (const auto& program : programs_) {
    ::execve(program.c_str(), argv_.data(), environ_.data());
    if (errno != ENOENT && errno != ENOTDIR) {
      reason = errno;
    }
  }
  return reason;
}

void ExecPlan::run() const {
  auto failure = prepare();
  if (failure.step == ExecStep::none) {
    failure = {ExecStep::exec, exec(), 0};
  }
  [[maybe_unused]] const auto written = ::write(report_, &failure, sizeof(failure));
  ::_exit(127);
}

std::string ExecPlan::explain(const ExecFailure& failure) const {
  const auto name = spec_->argv.empty() ? std::string("(no program)") : spec_->argv.front();
  const std::string reason = ::strerror(failure.error_number);  // NOLINT(concurrency-mt-unsafe)
  switch (failure.step) {
    case ExecStep::namespaces:
      return name + ": setns of namespace descriptor " +
             std::to_string(spec_->namespaces[static_cast<std::size_t>(failure.index)]) + ": " +
             reason;
    case ExecStep::directory:
      return name + ": working directory " + spec_->directory + ": " + reason;
    case ExecStep::exec:
      if (failure.error_number == ENOENT && programs_.size() > 1) {
        return name + ": not found in PATH (" + search_path_ + ")";
      }
      return name + ": " + reason;
    case ExecStep::parent:
      return name + ": its parent ended while it started";
    case ExecStep::none:
    case ExecStep::stdio:
    case ExecStep::group:
    case ExecStep::signals:
      return name + ": cannot prepare the child: " + reason;
  }
  return name + ": " + reason;
}

}  // namespace nettest
