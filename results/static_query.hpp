// The output of `nettest query`. Pure.
#pragma once

#include <string>

#include "probes/connectivity/walk.hpp"

namespace nettest {

/// The verdict as the first word, then the walk at both ends.
std::string render_walk_txt(const Walk& walk, const WalkQuestion& question);

/// The same as JSON: {"format": "nettest.query/v1", "verdict": …, "egress": {…}, "ingress": {…}}.
std::string render_walk_json(const Walk& walk, const WalkQuestion& question);

}  // namespace nettest
