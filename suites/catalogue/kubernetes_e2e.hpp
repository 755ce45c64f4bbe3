// The 48 cases of the Kubernetes e2e suite (test/e2e/network/netpol/network_policy.go), rebuilt
// from what they do; each asks the whole matrix. Pure.
#pragma once

#include <vector>

#include "suites/catalogue/grammar.hpp"
#include "suites/catalogue/meaning.hpp"

namespace nettest::catalogue {

std::vector<Case> kubernetes_e2e_cases();

/// Its parts: who may come in, ports and protocols, changes, and egress.
std::vector<Case> kubernetes_peer_cases();
std::vector<Case> kubernetes_port_cases();
std::vector<Case> kubernetes_change_cases();
std::vector<Case> kubernetes_egress_cases();

/// A case of that suite; "kubernetes-e2e" is put in front of its tags.
Case kubernetes_case(const std::string& name,
                     std::string reason,
                     Marks marks,
                     std::vector<Step> steps);

/// "The namespace of that name", by the label that every namespace has.
LabelSelector namespace_named(const std::string& name);

}  // namespace nettest::catalogue
