#include "harness/cli/command_parser.hpp"

namespace nettest {

void Parser::add_mutate() {
  CLI::App* mutate =
      add("mutate",
          "Says which faults, or which edits of its own policies, a suite would notice",
          "nettest mutate suites/frontend-backend.yaml\n  nettest mutate --policies "
          "suites/frontend-backend.yaml\n\nExit codes: 0 everything was noticed; 1 "
          "something was not; 2 usage or suite error;\n3 unclear, or an engine error; "
          "130 interrupted.");
  mutate->add_option("SUITE", line_.operands, "Suite files, or builtin:NAME")
      ->required()
      ->type_name("FILE");
  mutate->add_option("--fault", line_.faults, "Only the faults whose names fit; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  mutate
      ->add_option("--jobs",
                   line_.jobs,
                   "Worlds in which faults are tried side by side; by default as many as suit "
                   "this engine. The score is the same with any number")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  mutate->add_flag("--policies",
                   line_.policies,
                   "Edits the suite's policies one at a time, and says which edits no expectation "
                   "would notice; nothing is deployed");
  mutate->add_option("-o,--output", line_.output, "txt, json or md")->type_name("FORMAT");
  add_style(mutate);
}

void Parser::add_faults() {
  CLI::App* faults = add("faults",
                         "Lists the ways of enforcing wrongly that the local engine can be told",
                         "nettest faults --class P1\n  nettest run suites/frontend-backend.yaml "
                         "--fault ignore-policy-types");
  faults->add_option("--class", line_.classes, "Only faults of this class; may be repeated")
      ->type_name("CODE")
      ->allow_extra_args(false);
  faults->add_option("-o,--output", line_.output, "txt, json or md")->type_name("FORMAT");
  faults->add_flag_callback(
      "--json", [this] { line_.output = "json"; }, "The same as -o json");
}

}  // namespace nettest
