// `nettest query`: may one reach another, and why.
#pragma once

#include <string>

#include "harness/static/static_io.hpp"

namespace nettest {

struct QueryOptions {
  StaticInput input;
  /// "ns/pod", "ns/name[Kind]", "ns/name", or an address.
  std::string from;
  std::string to;
  /// A number, or the name of a port of the destination.
  std::string port;
  std::string protocol = "TCP";
  /// "txt" or "json".
  std::string format = "txt";
};

/// Returns the exit code: 0 allowed, 1 blocked, 3 either, 2 where the question makes no sense.
int query_command(const QueryOptions& options, StaticIo& io);

}  // namespace nettest
