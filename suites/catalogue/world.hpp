// The world that the whole catalogue starts from, and what cases add to it. Pure.
#pragma once

#include <string>

#include "suites/world.hpp"

namespace nettest::catalogue {

/// Namespaces x, y, z (label ns=NAME) with pods a, b, c (label pod=NAME), each of which
/// serves ports 80 and 81 on TCP, UDP and SCTP, named serve-80-tcp and so on; a service
/// s-NAMESPACE-POD with the same ports for each.
World base_world();

/// A namespace with its own label kubernetes.io/metadata.name.
Namespace namespace_of(std::string name, Labels labels);

/// A pod that serves what every pod of base_world serves.
Pod pod_of(std::string_view id, Labels labels);

/// A pod that serves other ports.
Pod pod_with(std::string_view id, Labels labels, std::vector<ContainerPort> ports);

}  // namespace nettest::catalogue
