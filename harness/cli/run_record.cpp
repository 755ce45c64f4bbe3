#include "harness/cli/run_record.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "harness/runner.hpp"

namespace nettest {

namespace {

constexpr std::string_view kEnding = ".journal";

/// The files that a suite was read from: its own, and those of its policies.
std::set<std::string> files_of(const Suite& suite) {
  std::set<std::string> files = {suite.file};
  for (const auto& value : suite.cases) {
    for (const auto& step : value.steps) {
      for (const auto& change : step.changes) {
        files.insert(change.where.file);
      }
    }
  }
  files.erase("");
  return files;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_file_to_write(const std::string& path) {
  return !path.empty() && path != "-" && path.rfind("/dev/", 0) != 0;
}

/// A name that two suites have, or an empty text.
std::string name_of_two(const std::vector<Suite>& suites) {
  std::set<std::string> names;
  for (const auto& suite : suites) {
    if (!names.insert(suite.name).second) {
      return suite.name;
    }
  }
  return "";
}

bool is_finished(const CaseResult& result) {
  const Counts counts = count(result);
  return counts.errors == 0 && counts.skipped == 0;
}

}  // namespace

std::string configuration_of(const std::vector<Suite>& suites, const CommandLine& line) {
  std::string text = std::string(version()) + "\n" + line.engine + "\n";
  for (const auto& suite : suites) {
    text += "suite " + suite.name + "\n";
    for (const auto& file : files_of(suite)) {
      text += file + " " + stable_hash_text(content_of(file)) + "\n";
    }
    for (const auto& value : suite.cases) {
      if (is_selected(value, line.cases)) {
        text += "case " + value.name + "\n";
      }
    }
  }
  return stable_hash_text(text);
}

Result<RunRecord> RunRecord::open(const CommandLine& line,
                                  const std::vector<Suite>& suites,
                                  RunFacts& facts) {
  RunRecord record;
  const bool named = !line.journal.empty() || !line.resume.empty();
  const auto twin = name_of_two(suites);
  if (named && !twin.empty()) {
    return fail(ErrorKind::usage,
                "two of the suites are called \"" + twin +
                    "\", which a journal can't tell apart: run them one by one");
  }
  if (!line.journal.empty() && !line.resume.empty() && line.journal != line.resume) {
    return fail(ErrorKind::usage, "--resume goes on with its own journal: leave --journal out");
  }
  record.named_ = named;
  if (named) {
    record.path_ = line.journal.empty() ? line.resume : line.journal;
  } else if (is_file_to_write(line.reports.json) && twin.empty()) {
    record.path_ = line.reports.json + std::string(kEnding);
  }
  if (line.resume.empty()) {
    return record;
  }
  auto content = read_journal(line.resume);
  if (!content) {
    return tl::unexpected(content.error());
  }
  if (const auto misfit = journal_misfit(content->facts, facts); !misfit.empty()) {
    return fail(ErrorKind::usage, "cannot go on with " + line.resume + ": " + misfit);
  }
  facts.run_id = content->facts.run_id;
  facts.started = content->facts.started;
  record.before_ = std::move(*content);
  // The one that a run with --json left is done with when its report is written.
  record.named_ = !line.journal.empty() || line.resume != line.reports.json + std::string(kEnding);
  return record;
}

Result<void> RunRecord::begin(const RunFacts& facts) {
  if (path_.empty()) {
    return {};
  }
  auto journal =
      before_ ? Journal::go_on(path_, before_->whole_bytes) : Journal::begin(path_, facts);
  if (!journal) {
    return tl::unexpected(journal.error());
  }
  journal_ = std::move(*journal);
  return {};
}

std::set<std::pair<std::string, std::size_t>> RunRecord::done() const {
  std::set<std::pair<std::string, std::size_t>> cases;
  if (before_) {
    for (const auto& record : before_->cases) {
      cases.emplace(record.suite, record.result.number);
    }
  }
  return cases;
}

Result<void> RunRecord::add(const std::string& suite, const CaseResult& result) {
  if (!journal_ || !is_finished(result)) {
    return {};
  }
  auto added = journal_->add({suite, result});
  if (!added) {
    journal_.reset();
  }
  return added;
}

void RunRecord::complete(SuiteResult& suite) const {
  if (!before_) {
    return;
  }
  for (const auto& record : before_->cases) {
    if (record.suite == suite.name) {
      suite.cases.push_back(record.result);
    }
  }
  std::stable_sort(suite.cases.begin(), suite.cases.end(), [](const auto& a, const auto& b) {
    return a.number < b.number;
  });
}

void RunRecord::finish(bool reported) {
  if (reported && !named_ && journal_) {
    unlink(path_.c_str());
    path_.clear();
  }
  journal_.reset();
}

std::string RunRecord::how_to_go_on() const {
  return path_.empty() ? "" : "the same command with --resume " + path_ + " goes on from here";
}

}  // namespace nettest
