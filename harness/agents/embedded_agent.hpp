// The agent programs inside the nettest binary, so that one file is all that is installed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// The bytes of the static agent program (an ELF file of this machine's architecture).
std::span<const std::byte> agent_binary();

/// The same for an architecture as Kubernetes spells it ("arm64"); empty where this build has none.
std::span<const std::byte> agent_binary(std::string_view architecture);

/// Those that it has one for, this machine's first: "amd64", "arm64".
std::vector<std::string> agent_architectures();

/// Writes it to an anonymous file in memory that can be executed by descriptor
/// (ChildSpec::program).
Result<Descriptor> agent_in_memory();

}  // namespace nettest
