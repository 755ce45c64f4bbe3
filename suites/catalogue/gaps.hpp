// Cases that neither cyclonus nor the Kubernetes e2e suite have, and that bugs of real CNIs got
// through. Pure.
#pragma once

#include <vector>

#include "suites/catalogue/grammar.hpp"
#include "suites/catalogue/meaning.hpp"

namespace nettest::catalogue {

std::vector<Case> gap_cases();

/// Its parts.
std::vector<Case> selector_gaps();
std::vector<Case> policy_gaps();
std::vector<Case> block_gaps();
std::vector<Case> port_gaps();
std::vector<Case> world_transition_gaps();
std::vector<Case> update_gaps();
std::vector<Case> object_gaps();
std::vector<Case> path_gaps();
std::vector<Case> telling_gaps();

/// A case of the gaps; "gap" is put in front of its tags.
Case gap(std::string name, std::string reason, Marks marks, std::vector<Step> steps);

/// A case of one step that applies `policies` in that order.
Case gap(std::string name,
         std::string reason,
         Marks marks,
         const std::vector<Policy>& policies,
         std::vector<Expectation> expect);

/// A policy of namespace x about pod a with one rule.
Policy about_xa(Direction direction, Peers peers, Ports ports = {});

}  // namespace nettest::catalogue
