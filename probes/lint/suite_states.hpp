// `nettest lint` of a suite: the states that its steps lead to. Pure.
#pragma once

#include "probes/lint/lint.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// Looks at the world after each step, which is all there is. What is found at a policy counts
/// only where it is found in every state that has this policy: a suite builds its cases step by
/// step. Fails where a step's changes are not possible.
Checked<LintResult> lint_suite(const Suite& suite, const std::set<LintRule>& rules);

}  // namespace nettest
