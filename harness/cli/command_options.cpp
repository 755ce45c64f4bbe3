#include "base/text.hpp"
#include "harness/cli/command_parser.hpp"
#include "suites/catalogue/catalogue.hpp"

namespace nettest {

namespace {

const char* const kAbout =
    "nettest deploys pods, applies NetworkPolicies step by step, sends real traffic between every\n"
    "pair of pods, and compares what got through with what the Kubernetes rules predict.";

const char* const kExitCodes =
    "Exit codes: 0 everything matched; 1 a mismatch; 2 usage or suite error; 3 inconclusive, or "
    "an\n"
    "engine error; 130 interrupted.";

}  // namespace

Parser::Parser(CommandLine& line, const std::vector<std::string>& engines)
    : line_(line), engines_(engines), app_(kAbout, "nettest") {
  app_.require_subcommand(0, 1);
  app_.set_help_flag("-h,--help", "Shows this help");
  app_.footer("Example:\n  nettest run suites/frontend-backend.yaml\n\n" + std::string(kExitCodes) +
              "\n`nettest COMMAND --help` tells more.");
  add_run();
  add_simulate();
  add_generate();
  add_static_commands(app_, static_action_);
  add_faults();
  add_mutate();
  add_report();
  add_shell();
  add_cleanup();
  add("version", "Says which nettest this is", "nettest version");
  add_help();
}

CLI::App* Parser::add(const std::string& name,
                      const std::string& about,
                      const std::string& example) {
  CLI::App* command = app_.add_subcommand(name, about);
  command->set_help_flag("-h,--help", "Shows this help");
  command->footer("Example:\n  " + example);
  return command;
}

void Parser::add_engine(CLI::App* command) {
  command->add_option("--engine", line_.engine, "Where the world lives: " + join(engines_, " or "))
      ->type_name("NAME");
}

void Parser::add_selection(CLI::App* command) {
  const auto tags = [command](const std::string& flag,
                              std::vector<std::string>& words,
                              const std::string& about) {
    command->add_option(flag, words, about)->type_name("TAG")->allow_extra_args(false);
  };
  tags("--tag", line_.selection.tags, "Only cases with this tag, or one of several");
  tags("--exclude", line_.selection.excludes, "No cases with this tag; may be repeated");
  command
      ->add_option("--like", line_.selection.like, "cyclonus: only what it runs unless told more")
      ->type_name("WHAT");
}

void Parser::add_reports(CLI::App* command) {
  command->add_option("--junit", line_.reports.junit, "Writes a JUnit XML report (- for stdout)")
      ->type_name("FILE");
  command->add_option("--json", line_.reports.json, "Writes the complete record (- for stdout)")
      ->type_name("FILE");
  command
      ->add_option("--markdown", line_.reports.markdown, "Writes a Markdown summary (- for stdout)")
      ->type_name("FILE");
}

void Parser::add_style(CLI::App* command) {
  command
      ->add_option("--color,--colour",
                   colour_,
                   "auto, always or never; auto: on a terminal, unless NO_COLOR is set")
      ->type_name("WHEN");
  command->add_flag("-q,--quiet", quiet_, "Only the summary, and the steps that did not match");
  command->add_flag("-v,--verbose", verbose_, "Tells every phase and round on stderr");
}

void Parser::add_duration(CLI::App* command,
                          const std::string& flag,
                          std::optional<Duration>& value,
                          const std::string& about) {
  command
      ->add_option_function<std::string>(
          flag,
          [&value, flag](const std::string& text) {
            value = parse_duration(text);
            if (!value) {
              throw CLI::ValidationError(
                  flag, "\"" + text + "\" is no time; write seconds or a unit: 2, 1.5s, 500ms, 1m");
            }
          },
          about)
      ->type_name("TIME");
}

void Parser::add_run() {
  CLI::App* run =
      add("run",
          "Runs suites on real traffic and compares with the prediction",
          "nettest run suites/frontend-backend.yaml --junit out.xml --json out.json\n\n" +
              std::string(kExitCodes));
  run->add_option("SUITE", line_.operands, "Suite files, or builtin:NAME (see generate)")
      ->required()
      ->type_name("FILE");
  add_engine(run);
  add_cluster(run);
  add_pod_style(run);
  run->add_option("--case", line_.cases, "Only the cases whose names fit; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  add_selection(run);
  add_reports(run);
  add_duration(run,
               "--settle",
               line_.settle,
               "How long a step may take to become as predicted (10 s; 1 s on an engine that "
               "enforces at once)");
  add_duration(run,
               "--timeout",
               line_.timeout,
               "Longest time-out of a probe (1.5 s); first looks use less where answers are quick");
  run->add_option(
         "--fault",
         line_.faults,
         "Makes the local engine enforce wrongly in this way (see `nettest faults`); may be "
         "repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  add_run_parts(run);
  run->add_flag(
      "--keep", line_.keep, "Holds the world after the report until Ctrl-C, for looking around");
  add_style(run);
}

/// How a run is divided, gone on with, and what it is forgiven.
void Parser::add_run_parts(CLI::App* run) {
  run->add_option("--lanes", line_.lanes, "Copies of the world that run cases side by side")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  run->add_option_function<std::string>(
         "--shard",
         [this](const std::string& text) {
           line_.shard = parse_shard(text);
           if (!line_.shard) {
             throw CLI::ValidationError(
                 "--shard", "\"" + text + "\" is no part of a run; the second of three is 2/3");
           }
         },
         "Runs only this part of the cases, for jobs side by side; `report` puts them together")
      ->type_name("I/N");
  run->add_option("--journal",
                  line_.journal,
                  "Keeps what is finished in this file while the run goes on (default with --json "
                  "FILE: FILE.journal)")
      ->type_name("FILE");
  run->add_option("--resume", line_.resume, "Goes on where the run of this journal stopped")
      ->type_name("FILE");
  run->add_option("--known",
                  line_.known,
                  "Known deviations that don't fail the run: a file, or builtin:NAME; may be "
                  "repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void Parser::add_simulate() {
  CLI::App* simulate = add("simulate",
                           "Prints what the rules predict, step by step; nothing is deployed",
                           "nettest simulate suites/frontend-backend.yaml -o json");
  simulate
      ->add_option("PATH",
                   line_.operands,
                   "Suite files or builtin:NAME; or manifests: files, directories, - for stdin, as "
                   "one cluster")
      ->required()
      ->type_name("FILE");
  simulate->add_option("-o,--output", line_.output, "txt or json")->type_name("FORMAT");
  simulate->add_option("--case", line_.cases, "Only the cases whose names fit; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  simulate->add_flag(
      "--skip-invalid", line_.skip_invalid, "Leave out what is wrong in manifests, and say so");
  simulate->add_option("--ignore-kind", line_.ignored_kinds, "Pass over policies of this kind")
      ->type_name("KIND")
      ->allow_extra_args(false);
  add_selection(simulate);
  add_style(simulate);
}

void Parser::add_generate() {
  CLI::App* generate = add("generate",
                           "Writes the conformance catalogue, or a part of it, as a suite file",
                           "nettest generate --tag ingress --exclude multi-peer -o ingress.yaml\n"
                           "  nettest generate --list");
  generate
      ->add_option("--suite", line_.suite, "Which built-in suite: " + join(builtin_names(), ", "))
      ->type_name("NAME");
  add_selection(generate);
  generate->add_flag("--list", line_.list, "A table of the cases, and the counts per family");
  generate->add_option("-o,--output", line_.file, "Where to write (default: stdout)")
      ->type_name("FILE");
}

void Parser::add_report() {
  CLI::App* report = add("report",
                         "Renders the stored record of a run again; exits as that run did",
                         "nettest report out.json --junit out.xml\n  nettest report shard-*.json "
                         "--json whole.json");
  report
      ->add_option(
          "RECORD", line_.operands, "What `run --json` wrote; all shards of a run together")
      ->required()
      ->type_name("FILE");
  add_reports(report);
  add_style(report);
}

void Parser::add_shell() {
  CLI::App* shell = add("shell",
                        "Opens a shell, or runs a command, in a pod of a world held by run --keep",
                        "nettest shell notes/tester\n  nettest shell notes/tester wget -qO- "
                        "http://web.default");
  shell->add_option("POD", line_.operands, "NAMESPACE/POD, then a command")
      ->required()
      ->type_name("POD [COMMAND...]");
  shell->add_option("--run", line_.run, "Which run's world, when several are held")
      ->type_name("ID");
}

void Parser::add_cleanup() {
  CLI::App* cleanup =
      add("cleanup", "Removes what earlier runs left", "nettest cleanup --context kind-ci");
  add_engine(cleanup);
  add_cluster(cleanup);
  cleanup->add_option("--run", line_.run, "Only what that run left")->type_name("ID");
}

void Parser::add_help() {
  CLI::App* help = add("help", "Explains a command", "nettest help run");
  help->add_option("COMMAND", line_.operands, "The command")->expected(0, 1)->type_name("NAME");
}

}  // namespace nettest
