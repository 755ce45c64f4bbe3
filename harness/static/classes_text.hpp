// `nettest list -o classes`: who policies cannot tell apart, and who may reach whom by classes.
#pragma once

#include "probes/connectivity/connectivity.hpp"
#include "results/static_text.hpp"

namespace nettest {

/// Writes the classes with more than one member, then a line per pair of classes; a class of one is
/// named by its member.
void write_classes(const Connectivity& connectivity, BufferedText& out);

}  // namespace nettest
