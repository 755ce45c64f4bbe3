// Linux namespaces as descriptors, and threads that enter them. Touches namespaces.
#pragma once

#include <functional>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// What a pod lives in; processes enter by setns(2). A set that was moved from, or of a pod that is
/// gone, is empty.
struct NamespaceSet {
  Descriptor network;
  Descriptor mounts;
  Descriptor names;  // UTS
};

/// Runs `task` in a thread of its own and waits, so that the namespaces that it enters are gone
/// with it. The thread has a file system context of its own (it may change mount namespaces).
Result<void> in_own_thread(const std::function<Result<void>()>& task);

/// Runs `task` in a thread that has entered the network namespace.
Result<void> in_network(const Descriptor& network, const std::function<Result<void>()>& task);

/// Opens a namespace of the calling thread: "net", "mnt", "uts", "user" or "pid".
Result<Descriptor> own_namespace(const char* kind);

/// Moves the calling thread into new namespaces, given as CLONE_NEW… flags.
Result<void> leave_for_new(int flags);

}  // namespace nettest
