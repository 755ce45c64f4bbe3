// The whole ruleset of a node: services and policies. Pure.
#pragma once

#include <functional>
#include <string>

#include "harness/local/nft_program.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Everything that a node's ruleset is made from. `generation` numbers the tables.
struct NodeInput {
  const ClusterState& state;
  const AddressBook& addresses;
  const std::string& node;
  unsigned generation = 0;
};

/// How a node's ruleset is made. Ways of enforcing wrongly are functions that wrap this one, or
/// that put another stage (gates, filter) in its place.
using CompileNode = std::function<NftProgram(const NodeInput&)>;

/// Compiles services and policies of a node, correctly.
NftProgram compile_node(const NodeInput& input);

}  // namespace nettest
