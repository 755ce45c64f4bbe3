// NetworkPolicy manifests to values: defaulted and validated as the API server does
// (pkg/apis/networking/v1/defaults.go and validation/validation.go of Kubernetes). Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "suites/manifest.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

/// Says whether `manifest` is a NetworkPolicy of networking.k8s.io/v1. An unknown version
/// of it is an error with the right one.
bool is_network_policy(const Manifest& manifest, Findings& findings);

/// Says whether a kind is some policy that nettest does not evaluate (CiliumNetworkPolicy,
/// AdminNetworkPolicy, ...), which must never be passed over in silence.
bool is_foreign_policy(const Manifest& manifest);

/// Reads one NetworkPolicy. Blocks with placeholders keep their text and have no `cidr`
/// yet. Nothing when there was an error.
std::optional<NetworkPolicy> read_policy(const Manifest& manifest,
                                         std::string_view default_namespace,
                                         Findings& findings);

/// Reads every NetworkPolicy of a file. Other kinds are passed over with a warning, other
/// policy kinds are errors.
std::vector<NetworkPolicy> read_policies(const Documents& documents,
                                         std::string_view default_namespace,
                                         Findings& findings);

/// Reads one rule of ingress (peers in `from`) or egress (peers in `to`).
PolicyRule read_policy_rule(const Node& node, Direction direction, Findings& findings);

/// Fills `block.cidr` from its text, and says what is wrong with it.
Result<Cidr> read_cidr(std::string_view text);

/// Says what is wrong between a block and one of its exceptions, or nothing: an
/// exception must be a strict part of its block.
std::optional<std::string> fault_of_except(const Cidr& block, const Cidr& except);

}  // namespace nettest
