// Lines that hold what a run has done so far: between the processes of a run, and in its journal.
// Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "results/report.hpp"

namespace nettest {

/// A case that has ended, of the suite of that name.
struct CaseRecord {
  std::string suite;
  CaseResult result;
};

/// What a lane has to say beside its cases, and what it learned of the engine.
struct EndRecord {
  std::optional<Error> error;
  std::vector<std::string> warnings;
  std::map<std::string, std::string> versions;
  std::vector<std::string> engine_warnings;
};

/// What a journal begins with: which run it is of.
struct HeadRecord {
  RunFacts facts;
};

/// One line of JSON without its end; times of attempts are those of this machine's clock.
std::string to_line(const CaseRecord& record);
std::string to_line(const EndRecord& record);
std::string to_line(const HeadRecord& record);

/// Read what to_line wrote; kind usage.
Result<CaseRecord> parse_case_line(std::string_view line);
Result<EndRecord> parse_end_line(std::string_view line);
Result<HeadRecord> parse_head_line(std::string_view line);

}  // namespace nettest
