// The fence of design section 8: a pair of pods per node, and a policy of their own that is
// turned after the changes of a step. When every node shows the turn, the policy engine has
// caught up with what came before. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/settle.hpp"
#include "probes/prediction.hpp"
#include "probes/probe.hpp"
#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

inline constexpr std::string_view kFenceNamespace = "nettest-fence";

/// Adds the fence's namespace and a pair of pods per node, all hidden from suites (`system`).
/// Without names of nodes there is one pair, wherever the engine puts it.
World with_fence(World world, const std::vector<std::string>& nodes);

/// Says whether the world has a fence.
bool has_fence(const World& world);

/// The change that turns the fence: applies its policy, or deletes it where `state` has it.
Change turn_of_fence(const ClusterState& state);

/// What the fence must show in `state`, a question per node, asked by the agent or, where there is
/// none (`clients`), by wget; none in a world without fence.
std::vector<Inquiry> fence_inquiries(const ClusterState& state, const std::set<Client>& clients);

/// The node that a question of the fence is about, in words: "node n2".
std::string fence_place(const Probe& probe, const World& world);

}  // namespace nettest
