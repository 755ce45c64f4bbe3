#include "harness/cli/command_line.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "harness/cli/command_parser.hpp"

namespace nettest {

namespace {

constexpr std::size_t kMessageLimit = 400;

/// Cuts off what follows the pod of `shell [--run ID] POD COMMAND...`: it is not ours to parse.
std::vector<std::string> take_pod_command(std::vector<std::string>& args) {
  std::size_t pod = 1;
  while (pod < args.size() && args[pod].rfind('-', 0) == 0) {
    pod += args[pod] == "--run" ? 2U : 1U;
  }
  if (args.empty() || args.front() != "shell" || pod + 1 >= args.size()) {
    return {};
  }
  const auto begin = args.begin() + static_cast<std::ptrdiff_t>(pod) + 1;
  std::vector<std::string> command(*begin == "--" ? begin + 1 : begin, args.end());
  args.erase(begin, args.end());
  return command;
}

}  // namespace

std::vector<std::string> Parser::command_names() const {
  std::vector<std::string> names;
  for (const auto* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string Parser::hint(const CLI::App& command, const std::string& word) const {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) {
      flags.push_back("--" + name);
    }
  }
  return spelling_hint(word, flags);
}

tl::unexpected<Error> Parser::usage(const std::string& command, const std::string& message) const {
  return fail(
      ErrorKind::usage,
      message + "\nTry `nettest " + (command.empty() ? "--help" : command + " --help") + "`.");
}

Result<CommandLine> Parser::finish() {
  if (quiet_ > 0 && verbose_ > 0) {
    return usage(line_.command, "--quiet and --verbose exclude each other");
  }
  line_.loudness = quiet_ > 0     ? Loudness::quiet
                   : verbose_ > 0 ? Loudness::verbose
                                  : Loudness::normal;
  if (!colour_.empty() && colour_ != "auto" && colour_ != "always" && colour_ != "never") {
    return usage(line_.command, "--color is auto, always or never, not \"" + colour_ + "\"");
  }
  line_.colour = colour_ == "always"  ? ColourWish::always
                 : colour_ == "never" ? ColourWish::never
                                      : ColourWish::automatic;
  if (auto checked = check_engine(); !checked) {
    return tl::unexpected(checked.error());
  }
  if (auto checked = check_output(); !checked) {
    return tl::unexpected(checked.error());
  }
  return line_;
}

Result<void> Parser::check_output() const {
  const bool tells_markdown = line_.command == "faults" || line_.command == "mutate";
  if (line_.output != "txt" && line_.output != "json" &&
      !(tells_markdown && line_.output == "md")) {
    return usage(line_.command,
                 std::string("--output is ") +
                     (tells_markdown ? "txt, json or md" : "txt or json") + ", not \"" +
                     printable(line_.output) + "\"");
  }
  return {};
}

const CLI::App& Parser::chosen() const {
  const auto commands = app_.get_subcommands();
  return commands.empty() ? app_ : *commands.front();
}

Result<CommandLine> Parser::explain(const std::string& topic) {
  const auto names = command_names();
  if (!topic.empty() && std::find(names.begin(), names.end(), topic) == names.end()) {
    return unknown_command(topic);
  }
  // CLI11 shows the help of the chosen command, which is `help` itself: a parser of its own.
  CommandLine fresh;
  return Parser(fresh, engines_)
      .parse(topic.empty() ? std::vector<std::string>{"--help"}
                           : std::vector<std::string>{topic, "--help"});
}

tl::unexpected<Error> Parser::unknown_command(const std::string& word) const {
  const auto names = command_names();
  return usage("",
               "there is no command \"" + printable(word) + "\"" + spelling_hint(word, names) +
                   "\nCommands: " + join(names, ", "));
}

Result<void> Parser::read(const std::vector<std::string>& args) {
  try {
    // CLI11 wants them last first.
    app_.parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    const std::string command = &chosen() == &app_ ? "" : chosen().get_name();
    line_.text = command.empty() ? app_.help() : chosen().help("nettest");
  } catch (const CLI::ParseError& error) {
    const auto rest = app_.remaining(true);
    return usage(&chosen() == &app_ ? "" : chosen().get_name(),
                 printable(error.what(), kMessageLimit) +
                     (rest.empty() ? "" : hint(chosen(), rest.front())));
  }
  return {};
}

Result<CommandLine> Parser::parse(const std::vector<std::string>& args) {
  const auto names = command_names();
  if (!args.empty() && args.front() == "--version") {
    line_.command = "version";
    return line_;
  }
  if (!args.empty() && args.front().rfind('-', 0) != 0 &&
      std::find(names.begin(), names.end(), args.front()) == names.end()) {
    return unknown_command(args.front());
  }
  if (auto done = read(args); !done) {
    return tl::unexpected(done.error());
  }
  if (!line_.text.empty()) {
    return line_;
  }
  if (&chosen() == &app_) {
    return usage("", "which command? One of: " + join(names, ", "));
  }
  line_.command = chosen().get_name();
  line_.static_action = static_action_;
  if (line_.command == "help") {
    return explain(line_.operands.empty() ? "" : line_.operands.front());
  }
  return finish();
}

Result<CommandLine> parse_command_line(const std::vector<std::string>& args,
                                       const std::vector<std::string>& engines) {
  CommandLine line;
  std::vector<std::string> own = args;
  const auto pod_command = take_pod_command(own);
  auto parsed = Parser(line, engines).parse(own);
  if (parsed) {
    parsed->operands.insert(parsed->operands.end(), pod_command.begin(), pod_command.end());
  }
  return parsed;
}

}  // namespace nettest
