// Reads the `world` of a suite: namespaces, pods, services. Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suites/fields.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Reads `world`; duplicates, unknown namespaces and addresses given twice are errors.
World read_world(const Node& node, Findings& findings);

/// Read one entry, in `world` or in a step's `create`. Nothing when the name is wrong.
std::optional<Namespace> read_namespace(const Node& node, Findings& findings);
std::optional<Pod> read_pod(const Node& node, Findings& findings);
std::optional<Service> read_service(const Node& node, Findings& findings);

/// Reads "NAMESPACE/NAME" into its two parts.
std::optional<std::pair<std::string, std::string>> read_id(const Node& node,
                                                           std::string_view what,
                                                           Findings& findings);

/// Reads a list of "IPv4" and "IPv6".
std::vector<IpFamily> read_families(Fields& fields,
                                    std::vector<IpFamily> fallback,
                                    Findings& findings);

}  // namespace nettest
