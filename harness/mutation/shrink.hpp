// Makes a suite smaller while it still has what is asked of it. Pure.
#pragma once

#include <functional>

#include "suites/suite.hpp"

namespace nettest {

/// Leaves out, one after the other, whatever can be missed: steps, changes, namespaces, pods,
/// services, their labels and ports, and parts of policies, until nothing more can go. `still` is
/// asked of every candidate, which may be impossible (a policy for a namespace that is gone). Steps
/// are also put together with the next one, where their changes can stand in one step.
Suite shrink(Suite suite, const std::function<bool(const Suite&)>& still);

}  // namespace nettest
