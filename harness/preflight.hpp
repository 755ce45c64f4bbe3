// Asks once per world whether policies are enforced at all. A shell over the Engine and Clock
// seams.
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/lane.hpp"
#include "harness/settle.hpp"

namespace nettest {

/// What a run in such a cluster is told; the reason of every step that is skipped for it.
inline constexpr std::string_view kNotEnforced = "this cluster does not enforce NetworkPolicy";

/// Turns the fence of the bare world and waits for a node to show it. Fails with kNotEnforced and
/// what to do about it (kind engine) when none does, though the pods could talk before. Does
/// nothing where there is no fence.
Result<void> preflight(Lane& lane, const SettleContext& context);

}  // namespace nettest
