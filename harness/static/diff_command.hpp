// `nettest diff`: what changes from one directory of manifests to another.
#pragma once

#include <string>
#include <vector>

#include "harness/static/static_io.hpp"

namespace nettest {

struct DiffOptions {
  /// What both sides have in common; its paths are read on both.
  StaticInput input;
  /// OLD and NEW; one path only where OLD is a live cluster.
  std::string first;
  std::string second;
  /// txt, json or md.
  std::string format = "txt";
  /// Which changes make exit code 1: any, opened, closed or none.
  std::string fail_on = "any";
  bool ipv6 = false;
};

/// Returns the exit code: 0 nothing (of --fail-on) changes, 1 something does.
int diff_command(const DiffOptions& options, StaticIo& io);

}  // namespace nettest
