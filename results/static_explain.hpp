// The output of `nettest explain`: a table of targets and peers, in the shape that users of
// cyclonus' `analyze` know. Pure.
#pragma once

#include <string>
#include <vector>

#include "probes/targets.hpp"

namespace nettest {

/// Draws the table: TYPE, TARGET, SOURCE RULES, PEER, PORT/PROTOCOL; cells that repeat what stands
/// above them are left empty.
std::string render_targets_txt(const std::vector<PolicyTarget>& targets);

/// The same as a Markdown table.
std::string render_targets_md(const std::vector<PolicyTarget>& targets);

/// The same as JSON, selectors and peers as in a manifest: {"format": "nettest.explain/v1",
/// "targets": […]}.
std::string render_targets_json(const std::vector<PolicyTarget>& targets);

}  // namespace nettest
