#include "harness/journal.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr mode_t kEverybody = 0666;

tl::unexpected<Error> cannot(const std::string& what, const std::string& path) {
  return fail(ErrorKind::engine,
              "cannot " + what + " the journal " + path + ": " + std::strerror(errno));
}

/// The parts of a text that end with a line end.
std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Whoever gives the JSON report of a stopped run means the journal beside it.
Error no_journal(const std::string& path, const Error& error) {
  const std::string beside = path + ".journal";
  if (std::filesystem::exists(beside)) {
    return {ErrorKind::usage,
            path + " is no journal of a run; " + beside + " beside it may be the one you mean",
            std::nullopt};
  }
  return error.while_doing(path + " is no journal of a run");
}

}  // namespace

Result<JournalContent> read_journal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return fail(ErrorKind::usage,
                "cannot read the journal " + path + ": is it a file, and may you read it?");
  }
  const auto lines = whole_lines(text);
  if (lines.empty()) {
    return fail(ErrorKind::usage,
                path + " is no journal of a run: it has no whole line; run without --resume");
  }
  auto head = parse_head_line(lines.front());
  if (!head) {
    return tl::unexpected(no_journal(path, head.error()));
  }
  JournalContent content;
  content.facts = std::move(head->facts);
  content.whole_bytes = lines.front().size() + 1;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto record = parse_case_line(lines[i]);
    if (!record) {
      return tl::unexpected(record.error().while_doing(path + ", line " + std::to_string(i + 1)));
    }
    content.cases.push_back(std::move(*record));
    content.whole_bytes += lines[i].size() + 1;
  }
  return content;
}

std::string journal_misfit(const RunFacts& journal, const RunFacts& run) {
  if (journal.nettest_version != run.nettest_version) {
    return "it was written by nettest " + journal.nettest_version + ", and this is " +
           run.nettest_version;
  }
  if (journal.engine != run.engine) {
    return "it is of a run on the engine " + journal.engine + ", not " + run.engine;
  }
  if (journal.faults != run.faults) {
    return "it is of a run with other faults (" +
           (journal.faults.empty() ? "none" : join(journal.faults, ", ")) + ")";
  }
  if (journal.shard != run.shard) {
    return "it is of " + (journal.shard.empty() ? "a whole run" : "shard " + journal.shard) +
           ", not of " + (run.shard.empty() ? "a whole run" : "shard " + run.shard);
  }
  if (journal.configuration != run.configuration) {
    return "the suites or the chosen cases are not those of that run any more";
  }
  return "";
}

Result<Journal> Journal::begin(const std::string& path, const RunFacts& facts) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kEverybody));
  if (!file.valid()) {
    return cannot("write", path);
  }
  Journal journal(path, std::move(file));
  if (auto written = journal.add_line(to_line(HeadRecord{facts})); !written) {
    return tl::unexpected(written.error());
  }
  return journal;
}

Result<Journal> Journal::go_on(const std::string& path, std::size_t whole_bytes) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  const auto end = static_cast<off_t>(whole_bytes);
  if (!file.valid() || ftruncate(file.get(), end) != 0 || lseek(file.get(), end, SEEK_SET) != end) {
    return cannot("go on with", path);
  }
  return Journal(path, std::move(file));
}

Result<void> Journal::add(const CaseRecord& record) {
  return add_line(to_line(record));
}

Result<void> Journal::add_line(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t done = 0;
  while (done < text.size()) {
    const auto count = write(file_.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return cannot("write", path_);
    }
    done += static_cast<std::size_t>(count);
  }
  return fsync(file_.get()) == 0 || errno == EINVAL ? Result<void>() : cannot("write", path_);
}

}  // namespace nettest
