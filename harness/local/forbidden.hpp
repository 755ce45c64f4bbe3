// What the user should set or run when the kernel forbids what the local engine needs. Reads
// /proc/sys.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace nettest {

/// What was being asked of the kernel when it refused.
enum class KernelNeed { user_namespace, id_map, namespaces, mount, netlink, nftables, sysctl };

/// Makes an Error of kind engine that names the call, the errno and what to do about it.
Error forbidden(KernelNeed need, std::string_view call, int error_number);

/// Says "unshare(CLONE_NEWUSER): Operation not permitted (EPERM)".
std::string failed_call(std::string_view call, int error_number);

}  // namespace nettest
