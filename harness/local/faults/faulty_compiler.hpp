// Puts faults beside the compiler: the same stages, each followed by its falsification. Pure, but
// for what faults remember.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/local/faults/fault.hpp"

namespace nettest {

/// A compiler, and the question whether its rulesets must be made again by now.
struct Enforcement {
  CompileNode compile = compile_node;
  std::function<bool()> overdue;
};

/// Makes a compiler that commits all of these faults at once; compile_node itself for none. Each
/// engine needs its own: faults remember.
Enforcement enforcement_with(const std::vector<const Fault*>& faults);

/// Finds faults by name, each once, in order. Fails (kind usage) with the nearest names.
Checked<std::vector<const Fault*>> find_faults(const std::vector<std::string>& names);

}  // namespace nettest
