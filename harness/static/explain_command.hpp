// `nettest explain`: whom the policies select, and whom they let in and out.
#pragma once

#include <string>

#include "harness/static/static_io.hpp"

namespace nettest {

struct ExplainOptions {
  StaticInput input;
  /// txt, json or md.
  std::string format = "txt";
  bool simplify = false;
};

/// Returns the exit code.
int explain_command(const ExplainOptions& options, StaticIo& io);

}  // namespace nettest
