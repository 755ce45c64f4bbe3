#include "harness/local/faults/following.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nettest {

namespace {

/// What one node has lived through.
struct Memory {
  unsigned generation = 0;
  Believed truth;
  Believed belief;
};

}  // namespace

MakeMistake following(Follow follow) {
  return [follow = std::move(follow)] {
    Mistake mistake;
    mistake.beliefs = [follow, nodes = std::map<std::string, Memory>()](
                          Believed& believed, const NodeInput& input) mutable {
      auto [found, is_new] = nodes.try_emplace(input.node);
      Memory& memory = found->second;
      if (is_new) {
        memory = {input.generation, believed, believed};
      } else if (memory.generation != input.generation) {
        memory.belief = follow(memory.belief, {memory.truth, believed, input.node});
        memory.truth = believed;
        memory.generation = input.generation;
      }
      believed = memory.belief;
    };
    return mistake;
  };
}

const NetworkPolicy* find_policy(const ClusterState& state, const PolicyId& id) {
  const auto found = std::find_if(state.policies.begin(),
                                  state.policies.end(),
                                  [&](const NetworkPolicy& policy) { return policy.id == id; });
  return found == state.policies.end() ? nullptr : &*found;
}

bool lived_through(const PodId& id, const Believed& before, const Believed& now) {
  const auto then = before.addresses.pods.find(id);
  const auto today = now.addresses.pods.find(id);
  return then != before.addresses.pods.end() && today != now.addresses.pods.end() &&
         then->second == today->second;
}

bool unchanged(const NetworkPolicy* a, const NetworkPolicy* b) {
  return a != nullptr && b != nullptr && same_policy(*a, *b);
}

}  // namespace nettest
