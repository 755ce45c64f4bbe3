// The commands and their options, as CLI11 sees them. Included by command_line.cpp
// and command_options.cpp only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/command_line.hpp"
#include "harness/static/static_commands.hpp"

namespace nettest {

/// The parser of one command line; its options write into `line`.
class Parser {
 public:
  Parser(CommandLine& line, const std::vector<std::string>& engines);

  Result<CommandLine> parse(const std::vector<std::string>& args);

 private:
  CLI::App* add(const std::string& name, const std::string& about, const std::string& example);
  void add_run();
  void add_run_parts(CLI::App* run);
  void add_simulate();
  void add_generate();
  void add_faults();
  void add_mutate();
  void add_report();
  void add_shell();
  void add_cleanup();
  void add_help();
  void add_engine(CLI::App* command);
  void add_cluster(CLI::App* command);
  void add_pod_style(CLI::App* command);
  [[nodiscard]] Result<void> check_engine();
  [[nodiscard]] Result<void> check_output() const;
  void add_selection(CLI::App* command);
  void add_reports(CLI::App* command);
  void add_style(CLI::App* command);
  void add_duration(CLI::App* command,
                    const std::string& flag,
                    std::optional<Duration>& value,
                    const std::string& about);
  [[nodiscard]] std::vector<std::string> command_names() const;
  [[nodiscard]] std::string hint(const CLI::App& command, const std::string& word) const;
  [[nodiscard]] const CLI::App& chosen() const;
  Result<void> read(const std::vector<std::string>& args);
  Result<CommandLine> explain(const std::string& topic);
  Result<CommandLine> finish();
  [[nodiscard]] tl::unexpected<Error> unknown_command(const std::string& word) const;
  [[nodiscard]] tl::unexpected<Error> usage(const std::string& command,
                                            const std::string& message) const;

  CommandLine& line_;
  std::vector<std::string> engines_;
  CLI::App app_;
  int quiet_ = 0;
  int verbose_ = 0;
  std::string colour_;
  StaticAction static_action_;
};

}  // namespace nettest
