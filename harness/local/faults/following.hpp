// How mistakes are made in following changes. Pure.
#pragma once

#include <functional>
#include <string>

#include "harness/local/faults/fault.hpp"

namespace nettest {

/// One change as a policy engine meets it.
struct Turn {
  const Believed& before;
  const Believed& now;
  const std::string& node;
};
/// What is believed after a change, given what was believed before it.
using Follow = std::function<Believed(const Believed& old, const Turn& turn)>;
/// A mistake in following changes. What exists when it begins is believed rightly.
MakeMistake following(Follow follow);

/// Finds a policy by its name, or nullptr.
const NetworkPolicy* find_policy(const ClusterState& state, const PolicyId& id);
/// Says whether the pod is in both and was not made again in between.
bool lived_through(const PodId& id, const Believed& before, const Believed& now);
/// Says whether both policies are there and say the same.
bool unchanged(const NetworkPolicy* a, const NetworkPolicy* b);

}  // namespace nettest
