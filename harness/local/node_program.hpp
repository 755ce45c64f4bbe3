// The whole ruleset of a node: services and policies. Pure.
#pragma once

#include <functional>
#include <string>

#include "harness/local/nft_program.hpp"
#include "harness/local/policy_compiler.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What the right compiler makes of a node, stage by stage.
struct CompiledNode {
  /// With the services written, and no filter yet.
  NftBuilder services;
  NodeGates gates;
  NftProgram program;
};

/// Everything that a node's ruleset is made from. `generation` numbers the tables.
struct NodeInput {
  const ClusterState& state;
  const AddressBook& addresses;
  const std::string& node;
  unsigned generation = 0;
  /// This input as it is compiled rightly, where that is known: spares work to whoever compiles it
  /// otherwise.
  const CompiledNode* right = nullptr;
};

/// How a node's ruleset is made. Ways of enforcing wrongly are functions that wrap this one, or
/// that put another stage (gates, filter) in its place.
using CompileNode = std::function<NftProgram(const NodeInput&)>;

/// Compiles services and policies of a node, correctly.
NftProgram compile_node(const NodeInput& input);

/// The same, with what came before.
CompiledNode compile_in_stages(const NodeInput& input);

}  // namespace nettest
