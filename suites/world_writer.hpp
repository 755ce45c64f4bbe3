// Worlds as text, as suites have them. Pure.
#pragma once

#include <string>

#include "suites/world.hpp"

namespace nettest {

/// The `world` of a suite; what the cluster brings itself is left out.
std::string write_world(const World& world);

/// One object in one line of YAML.
std::string write_namespace(const Namespace& value);
std::string write_pod(const Pod& pod);
std::string write_service(const Service& service);
std::string write_labels(const Labels& labels);

}  // namespace nettest
