#include "harness/local/namespaces.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <thread>

#include "harness/local/forbidden.hpp"
#include "harness/process/signalless_thread.hpp"

namespace nettest {

Result<void> in_own_thread(const std::function<Result<void>()>& task) {
  Result<void> result;
  std::thread thread = signalless_thread([&] {
    if (unshare(CLONE_FS) != 0) {
      result = tl::unexpected(forbidden(KernelNeed::namespaces, "unshare(CLONE_FS)", errno));
      return;
    }
    result = task();
  });
  thread.join();
  return result;
}

Result<void> in_network(const Descriptor& network, const std::function<Result<void>()>& task) {
  return in_own_thread([&]() -> Result<void> {
    if (setns(network.get(), CLONE_NEWNET) != 0) {
      return tl::unexpected(forbidden(KernelNeed::namespaces, "setns(net)", errno));
    }
    return task();
  });
}

Result<Descriptor> own_namespace(const char* kind) {
  const std::string path = std::string("/proc/thread-self/ns/") + kind;
  Descriptor opened(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.valid()) {
    return fail(ErrorKind::engine, failed_call("open(" + path + ")", errno));
  }
  return opened;
}

Result<void> leave_for_new(int flags) {
  if (unshare(flags) != 0) {
    return tl::unexpected(forbidden(KernelNeed::namespaces, "unshare", errno));
  }
  return {};
}

}  // namespace nettest
