// The facts of a run as JSON. Pure; reading throws as results/case_json.hpp says.
#pragma once

#include "results/probe_json.hpp"
#include "results/report.hpp"

namespace nettest {

Json facts_json(const RunFacts& facts);
RunFacts facts_from_json(const Json& value);

}  // namespace nettest
