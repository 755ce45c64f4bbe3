// What a run has done so far, on disk: a line per finished case. Touches files.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"
#include "results/record.hpp"
#include "results/report.hpp"

namespace nettest {

/// What a journal holds.
struct JournalContent {
  RunFacts facts;
  std::vector<CaseRecord> cases;
  /// Bytes up to the end of the last whole line; what follows was being written when the run died.
  std::size_t whole_bytes = 0;
};

/// Reads a journal; kind usage where it can't be read or is none.
Result<JournalContent> read_journal(const std::string& path);

/// Says why a journal can't be gone on with by a run with these facts; empty when it can.
std::string journal_misfit(const RunFacts& journal, const RunFacts& run);

class Journal {
 public:
  /// Begins a journal, in the place of what `path` held.
  static Result<Journal> begin(const std::string& path, const RunFacts& facts);
  /// Goes on with one after its first `whole_bytes`.
  static Result<Journal> go_on(const std::string& path, std::size_t whole_bytes);

  /// Adds a case; on disk when this returns.
  Result<void> add(const CaseRecord& record);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Journal(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<void> add_line(const std::string& line);

  std::string path_;
  Descriptor file_;
};

}  // namespace nettest
