#include "harness/local/node_program.hpp"

#include "harness/local/policy_compiler.hpp"
#include "harness/local/service_compiler.hpp"

namespace nettest {

NftProgram compile_node(const NodeInput& input) {
  NftBuilder nft("nettest" + std::to_string(input.generation));
  write_services(nft, input.state.world, input.addresses, input.node);
  write_filter(nft, node_gates(input.state, input.addresses, input.node), input.addresses);
  return nft.take();
}

CompiledNode compile_in_stages(const NodeInput& input) {
  NftBuilder nft("nettest" + std::to_string(input.generation));
  write_services(nft, input.state.world, input.addresses, input.node);
  CompiledNode node{nft, node_gates(input.state, input.addresses, input.node), {}};
  write_filter(nft, node.gates, input.addresses);
  node.program = nft.take();
  return node;
}

}  // namespace nettest
