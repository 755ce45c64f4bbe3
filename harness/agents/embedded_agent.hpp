// The agent program inside the nettest binary, so that one file is all that is installed.
#pragma once

#include <cstddef>
#include <span>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// The bytes of the static agent program (an ELF file of this machine's architecture).
std::span<const std::byte> agent_binary();

/// Writes it to an anonymous file in memory that can be executed by descriptor
/// (ChildSpec::program).
Result<Descriptor> agent_in_memory();

}  // namespace nettest
