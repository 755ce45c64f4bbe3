// What a person must look at in a step, alike things together. Pure.
#pragma once

#include <string>
#include <vector>

#include "results/outputs.hpp"
#include "results/report.hpp"

namespace nettest {

/// Probes that went wrong in the same way: same agreement, signals and rules; the first one is
/// shown in full.
struct Finding {
  std::vector<const Comparison*> probes;
};

/// Groups the mismatches (first) and inconclusive probes of a step, in the order of the probes.
/// The pointers are into `step`.
std::vector<Finding> findings(const StepResult& step);

/// Says in a few words how the step ended: "25 probes as predicted", "3 mismatches in 25 probes,
/// 2 inconclusive", "skipped: …".
std::string outcome_text(const StepResult& step);

/// Says in a line what went wrong with the first probe: "x/a -> y/b:80/TCP must be blocked, but is
/// allowed (connected)".
std::string first_text(const Finding& finding);

/// Names the probes after the first: "and 14 more like it: x/a -> y/c:80/TCP, … 4 more"; empty
/// when there are none.
std::string others_text(const Finding& finding, std::size_t limit);

/// Says which probes of the step were skipped and why, a reason per line: "162 probes: SCTP is not
/// supported by this engine".
std::vector<std::string> unasked_texts(const StepResult& step);

/// Says which mismatches of the step are known, a reason per line.
std::vector<std::string> known_texts(const StepResult& step);

/// The four lines of each finding: at most ten findings in full, the rest counted.
std::string findings_text(const StepResult& step, const TextStyle& style);

/// How a step, case, suite or run ended.
/// `known`: nothing wrong but known deviations.
enum class Outcome { passed, known, failed, unclear, skipped };

Outcome outcome_of(const Counts& counts);

/// The last line of every summary: "PASSED: …", "FAILED: …", as the exit code says.
std::string verdict_text(const Report& report);

}  // namespace nettest
