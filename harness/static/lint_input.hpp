// What `nettest lint` reads: manifests and suites, and the comments in them. Touches files.
#pragma once

#include <set>

#include "harness/static/lint_command.hpp"
#include "probes/lint/lint.hpp"

namespace nettest {

/// What was found, and the exit code that the input itself asks for: 0, or 3 where it holds
/// policies of kinds that nettest does not evaluate.
struct Linted {
  LintResult result;
  int code = 0;
};

/// Reads the input of the options (a path whose first document is a Suite is read as one), looks
/// at it by `rules`, and drops what comments switch off. A live cluster is a whole. Complains about
/// what is wrong; the exit code when it cannot be judged.
tl::expected<Linted, int> read_and_lint(const LintOptions& options,
                                        const std::set<LintRule>& rules,
                                        StaticIo& io);

}  // namespace nettest
