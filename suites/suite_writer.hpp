// Suites as text: what `nettest generate` prints. Pure.
#pragma once

#include <string>

#include "suites/suite.hpp"

namespace nettest {

/// The suite as a file that reads as the same suite, policies inline. The changes of a step
/// must stand in the order create, label, apply, delete, as the reader makes them.
std::string write_suite(const Suite& suite);

}  // namespace nettest
