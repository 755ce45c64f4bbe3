// `nettest list`: who may reach whom.
#pragma once

#include <string>

#include "harness/static/static_io.hpp"

namespace nettest {

struct ListOptions {
  StaticInput input;
  /// txt, json, csv, md, dot, svg; or classes.
  std::string format = "txt";
  bool all_pairs = false;
  bool ipv6 = false;
  bool exposure = false;
  bool summary = false;
  /// "ns/name" or "ns/name[Kind]"; empty: everybody.
  std::string focus;
};

/// Returns the exit code.
int list_command(const ListOptions& options, StaticIo& io);

}  // namespace nettest
