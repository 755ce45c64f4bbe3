#include "harness/static/static_commands.hpp"

#include <memory>

#include "harness/static/diff_command.hpp"
#include "harness/static/explain_command.hpp"
#include "harness/static/lint_command.hpp"
#include "harness/static/list_command.hpp"
#include "harness/static/query_command.hpp"

namespace nettest {

namespace {

CLI::App* add(CLI::App& app,
              const std::string& name,
              const std::string& about,
              const std::string& example) {
  CLI::App* command = app.add_subcommand(name, about);
  command->footer("Example:\n  " + example);
  return command;
}

void add_cluster(CLI::App& command, ClusterChoice& cluster) {
  command.add_option("--context", cluster.context, "Read a live cluster: this context of kubectl")
      ->type_name("NAME");
  command.add_option("--kubeconfig", cluster.kubeconfig, "Read a live cluster: by this kubeconfig")
      ->type_name("FILE");
  command.add_flag("--current-context",
                   cluster.current_context,
                   "Read a live cluster: the one that kubectl uses now");
  command.add_option("--kubectl", cluster.kubectl, "The kubectl to use")->type_name("PROGRAM");
}

/// How manifests are read, wherever they come from.
void add_reading(CLI::App& command, StaticInput& input) {
  command.add_flag(
      "--skip-invalid", input.skip_invalid, "Leave out what is wrong, and say what was left out");
  command
      .add_option("--ignore-kind",
                  input.ignored_kinds,
                  "Pass over policies of this kind, although nettest does not evaluate them; may "
                  "be repeated")
      ->type_name("KIND")
      ->allow_extra_args(false);
  command.add_flag("-q,--quiet", input.quiet, "No warnings");
  add_cluster(command, input.cluster);
}

void add_input(CLI::App& command, StaticInput& input) {
  command.add_option(
      "PATH", input.paths, "Manifest files, directories (read recursively), - for stdin");
  add_reading(command, input);
}

}  // namespace

void add_list_command(CLI::App& app, StaticAction& action) {
  CLI::App* command = add(app,
                          "list",
                          "List the connections that the policies allow",
                          "nettest list manifests/ -o md --focus shop/web");
  const auto options = std::make_shared<ListOptions>();
  add_input(*command, options->input);
  command->add_option(
      "-o,--output", options->format, "txt, json, csv, md, dot, svg, or classes (grouped)");
  command->add_flag("--all-pairs", options->all_pairs, "Print pairs with no connection too");
  command->add_option("--focus", options->focus, "Only rows of this workload: NAMESPACE/NAME");
  command->add_flag("--exposure",
                    options->exposure,
                    "Say which workloads are open to everything or to whole namespaces");
  command->add_flag("--ipv6", options->ipv6, "Print ranges of IPv6 addresses too");
  command->add_flag("--summary", options->summary, "Print counts instead of rows");
  command->callback([options, &action] {
    action = [options](StaticIo& io) { return list_command(*options, io); };
  });
}

void add_query_command(CLI::App& app, StaticAction& action) {
  CLI::App* command = add(
      app,
      "query",
      "Say whether one pod may reach another, and which rules decide it; exit code 0 allowed, 1 "
      "blocked, 3 left open by the documentation",
      "nettest query manifests/ --from notes/notes --to default/web --port 80");
  const auto options = std::make_shared<QueryOptions>();
  add_input(*command, options->input);
  command->add_option("--from", options->from, "NAMESPACE/POD, NAMESPACE/NAME[KIND], or an address")
      ->required();
  command->add_option("--to", options->to, "The same")->required();
  command->add_option("--port", options->port, "A number, or a port name of the destination")
      ->required();
  command->add_option("--protocol", options->protocol, "TCP (default), UDP or SCTP");
  command->add_option("-o,--output", options->format, "txt or json");
  command->callback([options, &action] {
    action = [options](StaticIo& io) { return query_command(*options, io); };
  });
}

void add_explain_command(CLI::App& app, StaticAction& action) {
  CLI::App* command = add(app,
                          "explain",
                          "Show whom the policies select, and whom they let in and out: a table of "
                          "targets and peers",
                          "nettest explain manifests/ --simplify");
  const auto options = std::make_shared<ExplainOptions>();
  add_input(*command, options->input);
  command->add_option("-o,--output", options->format, "txt, json or md");
  command->add_flag("--simplify",
                    options->simplify,
                    "Join the rules of a peer and leave out what wider rules cover");
  command->callback([options, &action] {
    action = [options](StaticIo& io) { return explain_command(*options, io); };
  });
}

void add_diff_command(CLI::App& app, StaticAction& action) {
  CLI::App* command = add(app,
                          "diff",
                          "Say which connections two sets of policies allow differently, and which "
                          "policies make the difference; exit code 1 when something changes",
                          "nettest diff old/ new/ --with workloads/ -o md --fail-on opened");
  const auto options = std::make_shared<DiffOptions>();
  command->add_option("OLD", options->first, "Manifests before: a file, a directory, or -")
      ->required();
  command->add_option(
      "NEW", options->second, "Manifests after; when a live cluster is OLD, the only path is NEW");
  command
      ->add_option("--with",
                   options->input.paths,
                   "Manifests that both have in common, such as the workloads; may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command->add_option("-o,--output", options->format, "txt, json, or md for a pull request");
  command->add_option("--fail-on",
                      options->fail_on,
                      "Which changes make exit code 1: any (default), opened, closed, none");
  command->add_flag("--ipv6", options->ipv6, "Compare ranges of IPv6 addresses too");
  add_reading(*command, options->input);
  command->callback([options, &action] {
    action = [options](StaticIo& io) { return diff_command(*options, io); };
  });
}

void add_lint_command(CLI::App& app, StaticAction& action) {
  CLI::App* command = add(app,
                          "lint",
                          "Find what in the policies is probably not what their author meant; exit "
                          "code 0 nothing, 1 something",
                          "nettest lint manifests/ -o sarif --disable rule-redundant\n"
                          "  nettest lint suites/frontend-backend.yaml");
  const auto options = std::make_shared<LintOptions>();
  add_input(*command, options->input);
  command->add_option("-o,--output", options->format, "txt, json, sarif, or md for a pull request");
  command->add_option("--disable", options->disabled, "Leave out these rules")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--only", options->only, "Look at these rules only")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--severity",
                      options->severity,
                      "The least that makes exit code 1: error, warning (default) or info");
  command->add_flag("--whole-cluster",
                    options->whole_cluster,
                    "What the input does not hold does not exist anywhere");
  command->add_flag("--list-rules", options->list_rules, "Print the rules");
  command->callback([options, &action] {
    action = [options](StaticIo& io) { return lint_command(*options, io); };
  });
}

void add_static_commands(CLI::App& app, StaticAction& action) {
  add_list_command(app, action);
  add_explain_command(app, action);
  add_query_command(app, action);
  add_diff_command(app, action);
  add_lint_command(app, action);
}

}  // namespace nettest
