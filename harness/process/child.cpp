#include "harness/process/child.hpp"

#include <cstring>

namespace nettest {

namespace {

std::string how_it_ended(const ChildEnd& end) {
  switch (end.how) {
    case ChildEnd::How::exited:
      return "exit code " + std::to_string(end.number);
    case ChildEnd::How::signalled:
      return "killed by signal " + std::to_string(end.number) + " (" + ::strsignal(end.number) +
             ")";  // NOLINT(concurrency-mt-unsafe)
    case ChildEnd::How::lost:
      return "nobody knows how it ended";
  }
  return "?";
}

}  // namespace

std::string to_string(const ChildEnd& end) {
  auto text = how_it_ended(end);
  const auto newline = end.last_errors.rfind('\n');
  const auto last =
      newline == std::string::npos ? end.last_errors : end.last_errors.substr(newline + 1);
  if (!last.empty()) {
    text += ": " + last;
  }
  return text;
}

}  // namespace nettest
