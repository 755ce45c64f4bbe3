// The commands; each returns an exit code of design section 10.
#pragma once

#include "harness/cli/command_line.hpp"
#include "harness/cli/engines.hpp"
#include "harness/cli/terminal.hpp"

namespace nettest {

inline constexpr int kExitUsage = 2;
inline constexpr int kExitEngine = 3;
inline constexpr int kExitInterrupted = 130;

int run_command(const CommandLine& line, Console& console, EngineFactory& engines);
int simulate_command(const CommandLine& line, Console& console);
int generate_command(const CommandLine& line, Console& console);
int mutate_command(const CommandLine& line, Console& console, EngineFactory& engines);
int faults_command(const CommandLine& line, Console& console);
int report_command(const CommandLine& line, Console& console);

/// Complains about every error; returns the exit code that the kinds ask for.
int complain_about(const Errors& errors, Console& console);

}  // namespace nettest
