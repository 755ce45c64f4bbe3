// Puts the reports of the shards of one run together. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "results/report.hpp"

namespace nettest {

/// A report and what it is called in messages.
struct NamedReport {
  std::string name;
  Report report;
};

/// Makes one report of those of all shards: every case once, in the order of the suites. Fails
/// (kind usage) where they are not of one run, a case is in two of them, or in none: a part that
/// is missing must not look like a pass. One report is returned as it is.
Result<Report> merge_reports(std::vector<NamedReport> reports);

}  // namespace nettest
