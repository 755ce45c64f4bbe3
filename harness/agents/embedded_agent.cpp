#include "harness/agents/embedded_agent.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {
extern const std::byte nettest_agent_begin;
extern const std::byte nettest_agent_end;
}

namespace nettest {

std::span<const std::byte> agent_binary() {
  return {&nettest_agent_begin, &nettest_agent_end};
}

Result<Descriptor> agent_in_memory() {
  const auto failed = [](const char* what) {
    return fail(ErrorKind::engine,
                std::string("put the agent into memory: ") + what + ": " +
                    std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  };
  Descriptor file(::memfd_create("nettest-agent", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.valid()) {
    return failed("memfd_create");
  }
  auto rest = agent_binary();
  while (!rest.empty()) {
    const auto written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return failed("write");
    }
    rest = rest.subspan(static_cast<std::size_t>(written));
  }
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) !=
      0) {
    return failed("seal");
  }
  return file;
}

}  // namespace nettest
