// Writes gates as nftables rules. Pure.
#pragma once

#include "harness/local/nft_program.hpp"
#include "harness/local/policy_gates.hpp"

namespace nettest {

/// Both ends of the pods of one node.
struct NodeGates {
  Gates egress;
  Gates ingress;

  bool operator==(const NodeGates&) const = default;
};

/// Works out the gates of a node's pods from the state: stages one and two of compiling.
NodeGates node_gates(const ClusterState& state,
                     const AddressBook& addresses,
                     const std::string& node);

/// Adds the filter of a node to a program: replies first, then egress at the source's interface
/// and ingress at the destination's. What the node itself sends is not policed (it is not
/// forwarded). Pods with equal gates share a chain.
void write_filter(NftBuilder& nft, const NodeGates& gates, const AddressBook& addresses);

/// The same for a node whose interfaces and services are somebody else's, as on a Kubernetes node:
/// pods are known by their addresses; and since the connections that are open across a change can't
/// all be forgotten there, each packet of the asking side is judged anew.
void write_filter_by_address(NftBuilder& nft, const NodeGates& gates, const AddressBook& addresses);

}  // namespace nettest
