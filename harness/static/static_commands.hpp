// The static commands on the command line. With the commands' own files the only user of CLI11
// outside of harness/cli.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "harness/static/static_io.hpp"

namespace nettest {

/// What a parsed command line asks for; returns the exit code.
using StaticAction = std::function<int(StaticIo&)>;

/// Adds list, explain, query, diff and lint to `app`. Parsing one of them fills `action`, which
/// must live as long as `app`.
void add_static_commands(CLI::App& app, StaticAction& action);

/// One each; used by add_static_commands.
void add_list_command(CLI::App& app, StaticAction& action);
void add_query_command(CLI::App& app, StaticAction& action);
void add_explain_command(CLI::App& app, StaticAction& action);
void add_diff_command(CLI::App& app, StaticAction& action);
void add_lint_command(CLI::App& app, StaticAction& action);

}  // namespace nettest
