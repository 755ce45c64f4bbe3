// Which cases of suites are wanted, by their tags. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// A case is chosen when it has one of `tags` (or there are none) and none of `excludes`.
struct Selection {
  std::vector<std::string> tags;
  std::vector<std::string> excludes;
  /// "cyclonus": only what cyclonus runs when it is told nothing; empty: no such limit.
  std::string like;

  [[nodiscard]] bool empty() const { return tags.empty() && excludes.empty() && like.empty(); }
};

/// Removes the cases that are not chosen, and suites that are left without any. Fails
/// (kind usage) on tags that no case has, with the nearest that there are, and where no
/// case is left.
Errors select_cases(std::vector<Suite>& suites, const Selection& selection);

}  // namespace nettest
