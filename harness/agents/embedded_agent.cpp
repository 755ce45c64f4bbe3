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
extern const std::byte nettest_arm64_agent_begin;
extern const std::byte nettest_arm64_agent_end;
}

namespace nettest {

namespace {

constexpr std::string_view kNative = NETTEST_NATIVE_ARCHITECTURE;
constexpr std::string_view kArm64 = "arm64";

}  // namespace

std::span<const std::byte> agent_binary() {
  return {&nettest_agent_begin, &nettest_agent_end};
}

std::span<const std::byte> agent_binary(std::string_view architecture) {
  if (architecture == kNative) {
    return agent_binary();
  }
  return architecture == kArm64
             ? std::span<const std::byte>(&nettest_arm64_agent_begin, &nettest_arm64_agent_end)
             : std::span<const std::byte>();
}

std::vector<std::string> agent_architectures() {
  std::vector<std::string> names = {std::string(kNative)};
  if (kNative != kArm64 && !agent_binary(kArm64).empty()) {
    names.emplace_back(kArm64);
  }
  return names;
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
