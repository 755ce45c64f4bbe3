// Holds results against a list of known deviations. Pure.
#pragma once

#include <string>
#include <vector>

#include "results/report.hpp"
#include "suites/known.hpp"

namespace nettest {

/// Marks the mismatches of the case that the list knows with its reason, and takes the mark from
/// all others.
void mark_known(const std::vector<KnownDeviation>& known, CaseResult& result);

/// Says of each entry of the list that shows in every run, in its order, what became of it in the
/// report.
std::vector<KnownUse> known_uses(const std::vector<KnownDeviation>& known, const Report& report);

/// Adds what became of the same entries in another part of the run.
void merge_known_uses(std::vector<KnownUse>& whole, const std::vector<KnownUse>& part);

/// Names the entries whose cells were judged and all match by now: "… remove it from the list".
std::vector<std::string> stale_known(const std::vector<KnownUse>& uses);

}  // namespace nettest
