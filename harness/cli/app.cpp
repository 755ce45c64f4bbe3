#include "harness/cli/app.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>

#include "base/version.hpp"
#include "harness/cli/commands.hpp"
#include "harness/static/static_io.hpp"

namespace nettest {

namespace {

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::suite:
      return kExitUsage;
    case ErrorKind::interrupted:
      return kExitInterrupted;
    case ErrorKind::unsupported:
    case ErrorKind::engine:
      break;
  }
  return kExitEngine;
}

int shell_command(const CommandLine& line, Console& console, EngineFactory& engines) {
  PodCommand request;
  request.pod = line.operands.front();
  request.command = {line.operands.begin() + 1, line.operands.end()};
  request.run = line.run;
  const auto code = engines.shell(request);
  return code ? *code : complain_about({code.error()}, console);
}

int cleanup_command(const CommandLine& line, Console& console, EngineFactory& engines) {
  engines.configure({line.cluster, line.run});
  const auto said = engines.cleanup(line.engine);
  if (!said) {
    return complain_about({said.error()}, console);
  }
  console.out.write(*said + "\n");
  return 0;
}

int static_command(const CommandLine& line, Console& console) {
  StaticIo io{std::cin,
              [&console](std::string_view text) { console.out.write(text); },
              [&console](std::string_view text) { console.err.write(text); }};
  return line.static_action(io);
}

int dispatch(const CommandLine& line, Console& console, EngineFactory& engines) {
  if (line.command == "run") {
    return run_command(line, console, engines);
  }
  if (line.command == "simulate") {
    return simulate_command(line, console);
  }
  if (line.command == "generate") {
    return generate_command(line, console);
  }
  if (line.command == "mutate") {
    return mutate_command(line, console, engines);
  }
  if (line.command == "faults") {
    return faults_command(line, console);
  }
  if (line.command == "report") {
    return report_command(line, console);
  }
  if (line.command == "shell") {
    return shell_command(line, console, engines);
  }
  if (line.command == "cleanup") {
    return cleanup_command(line, console, engines);
  }
  if (line.static_action) {
    return static_command(line, console);
  }
  console.out.write(line.command == "version"
                        ? "nettest " + std::string(version_description()) + "\n"
                        : line.text);
  return 0;
}

// What could not be printed was not delivered: never a silent success.
int check_stdout(int code, Console& console) {
  if (console.out.failure() == 0 || code != 0) {
    return code;
  }
  console.complain("cannot write to " + write_failure("standard output", console.out.failure()));
  return kExitEngine;
}

}  // namespace

Checked<void> EngineFactory::commit_faults(const std::string& engine,
                                           const std::vector<std::string>& names) {
  if (names.empty()) {
    return {};
  }
  return tl::unexpected(Errors{{ErrorKind::usage,
                                "faults exist only in the local engine, not in the engine \"" +
                                    engine + "\": leave out --fault, or say --engine local",
                                std::nullopt}});
}

Result<std::unique_ptr<FaultableEngine>> EngineFactory::make_faultable(int /*lane*/) {
  return fail(ErrorKind::usage, "faults exist only in the local engine, which is not part of this");
}

int complain_about(const Errors& errors, Console& console) {
  int code = 0;
  for (const auto& error : errors) {
    console.complain(to_string(error));
    code = std::max(code, exit_code_of(error.kind));
  }
  return code;
}

int nettest_main(const std::vector<std::string>& args, EngineFactory& engines) {
  std::signal(SIGPIPE, SIG_IGN);
  Console console;
  if (args.empty()) {
    const auto help = parse_command_line({"--help"}, engines.names());
    console.err.write(help ? help->text : "");
    return kExitUsage;
  }
  const auto line = parse_command_line(args, engines.names());
  if (!line) {
    return complain_about({line.error()}, console);
  }
  console.colour = line->colour;
  try {
    return check_stdout(dispatch(*line, console, engines), console);
  } catch (const std::exception& error) {
    console.complain(std::string("internal error, please report it: ") + error.what());
    return kExitEngine;
  }
}

}  // namespace nettest
