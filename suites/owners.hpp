// Works out who stands for whom: pods for their workloads, workloads for themselves. Pure.
#pragma once

#include <vector>

#include "suites/manifests.hpp"
#include "suites/workloads.hpp"

namespace nettest {

/// Puts pods, workload names and addresses of `workloads` into the inventory, in order of their
/// names. A workload that owns something that was read is represented by it; everything is named
/// by its top owner. Warns of pods that policies do not reach in the usual way (hostNetwork,
/// completed).
void add_workloads(const std::vector<ReadWorkload>& workloads, Inventory& inventory);

/// Adds namespaces that pods, services and policies mention and nobody wrote.
void add_mentioned_namespaces(Inventory& inventory);

}  // namespace nettest
