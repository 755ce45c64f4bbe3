// What a run keeps on disk while it goes on, and what it takes over from one that was stopped.
// Touches files.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/journal.hpp"
#include "results/report.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// Stands for what a run is to do: the texts of the suites and of the policies that they name, and
/// the cases that are chosen.
std::string configuration_of(const std::vector<Suite>& suites, const CommandLine& line);

/// The journal of one run.
class RunRecord {
 public:
  /// Reads the journal to go on with, if the line names one. Fails (kind usage) where it can't be
  /// read, or is of another run; `facts` then takes its run id over.
  static Result<RunRecord> open(const CommandLine& line,
                                const std::vector<Suite>& suites,
                                RunFacts& facts);

  /// Begins to write, or goes on; nothing where no journal is wanted.
  Result<void> begin(const RunFacts& facts);

  /// Suite and number of the cases that need not be run again.
  [[nodiscard]] std::set<std::pair<std::string, std::size_t>> done() const;

  /// Puts a finished case on disk; one that an interrupt or an error cut short is left out, so that
  /// it is run again. Returns the first failure to write once, and writes no more after it.
  Result<void> add(const std::string& suite, const CaseResult& result);

  /// Puts what was taken over between the cases of the suite, in order.
  void complete(SuiteResult& suite) const;

  /// Removes the journal of a run that is in its report, unless it was asked for by name.
  void finish(bool reported);

  /// How to go on with the run; empty without a journal.
  [[nodiscard]] std::string how_to_go_on() const;

 private:
  std::string path_;
  bool named_ = false;
  std::optional<JournalContent> before_;
  std::optional<Journal> journal_;
};

}  // namespace nettest
