// The addresses that the local engine gives: deterministic, so that `simulate`
// can use them without deploying. Pure.
#pragma once

#include "suites/world.hpp"

namespace nettest {

/// Numbers pods and services of `world` (which includes the cluster's DNS).
/// Nodes n1 and n2; the pod subnets are 10.244.N.0/24 and fd00:10:244:N::/64 of
/// the pod's node, further /24s when one is full; services are in 10.96.0.0/16
/// and fd00:10:96::/112, kube-dns has 10.96.0.10 and fd00:10:96::a. A pod
/// without `node` goes to n1 and n2 in turn, in the order of their names; kube-dns
/// to n1. Given `before`, whatever had an address
/// keeps it. What is new gets the lowest address that is free: so a successor has
/// the address of a pod that went, as happens on real clusters sooner or later, and
/// a world that comes back to what it was has its addresses back.
AddressBook assign_local_addresses(const World& world, const AddressBook& before = {});

}  // namespace nettest
