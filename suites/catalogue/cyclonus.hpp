// The cases of cyclonus (github.com/mattfenwick/cyclonus, pkg/generator), rebuilt from what they
// do, with its tags, so that a run can be compared with it cell by cell. Pure.
#pragma once

#include <vector>

#include "suites/catalogue/grammar.hpp"
#include "suites/catalogue/meaning.hpp"

namespace nettest::catalogue {

/// Each makes one family, in cyclonus' order.
std::vector<Case> target_cases();
std::vector<Case> rules_cases();
std::vector<Case> peers_cases();
std::vector<Case> ports_cases();
std::vector<Case> example_cases();
std::vector<Case> actions_cases();
std::vector<Case> conflicts_cases();
std::vector<Case> namespaces_cases();
std::vector<Case> upstream_e2e_cases();

/// The policy of which each case changes one part. Namespace x, pod=a; ingress TCP/80 from
/// pods b and c of namespaces x and y; egress TCP/80 to pods a and b of namespaces y and z,
/// and to DNS.
NetworkPolicy base_policy();

/// What the base policy lets in and out of x/a, said by hand.
std::vector<Expectation> base_ingress();
std::vector<Expectation> base_egress();
/// The same of one direction.
std::vector<Expectation> base_of(Direction direction);

/// A case that applies one policy. Tags get the groups that cyclonus has them in.
Case one_step(std::string name,
              std::string reason,
              Marks marks,
              NetworkPolicy policy,
              std::vector<Expectation> expect);
/// The same of several steps.
Case several_steps(std::string name, std::string reason, Marks marks, std::vector<Step> steps);

/// The first rule of that direction.
PolicyRule& first_rule(NetworkPolicy& policy, Direction direction);

}  // namespace nettest::catalogue
