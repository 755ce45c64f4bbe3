// Runs a static command line in this process, as `nettest` would.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "harness/static/static_commands.hpp"

namespace nettest::test {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

inline Ran run_static(std::vector<std::string> args, const std::string& input = "") {
  Ran ran;
  CLI::App app("nettest");
  StaticAction action;
  add_static_commands(app, action);
  app.require_subcommand(1);
  std::reverse(args.begin(), args.end());
  try {
    app.parse(args);
  } catch (const CLI::ParseError& error) {
    return {2, "", error.what()};
  }
  std::istringstream in(input);
  StaticIo io{in,
              [&](std::string_view text) { ran.out += text; },
              [&](std::string_view text) { ran.err += text; }};
  ran.code = action(io);
  return ran;
}

}  // namespace nettest::test
