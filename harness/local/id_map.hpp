// Maps user and group ids of a new user namespace. Writes /proc/PID/{uid_map,gid_map,setgroups}.
#pragma once

#include <sys/types.h>

#include "base/error.hpp"

namespace nettest {

/// Maps the ids of `child`, which has just made a user namespace: all ids of this process's own
/// namespace to themselves where it may (root), else only its own user and group, to 0.
Result<void> map_ids(pid_t child);

}  // namespace nettest
