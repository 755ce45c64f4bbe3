#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/suite_source.hpp"
#include "harness/interrupt.hpp"
#include "harness/mutation/mutate.hpp"
#include "harness/mutation/policy_mutation.hpp"
#include "harness/plan.hpp"

namespace nettest {

namespace {

/// The faults that the globs choose, in order; all of them without globs.
Checked<std::vector<const Fault*>> choose_faults(const std::vector<std::string>& globs) {
  std::vector<std::string> names;
  for (const Fault& fault : all_faults()) {
    names.push_back(fault.name);
  }
  Errors errors;
  for (const std::string& glob : globs) {
    if (!fits_any(glob, names)) {
      const std::string hint = spelling_hint(glob, names);
      errors.push_back({ErrorKind::usage,
                        "--fault \"" + printable(glob) + "\" fits no fault" +
                            (hint.empty() ? ";" : hint) + " `nettest faults` lists them",
                        std::nullopt});
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  std::vector<const Fault*> chosen;
  for (const Fault& fault : all_faults()) {
    if (globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
          return glob_matches(glob, fault.name);
        })) {
      chosen.push_back(&fault);
    }
  }
  return chosen;
}

std::string render(const MutationReport& report, const CommandLine& line, Console& console) {
  if (line.output == "json") {
    return render_mutation_json(report);
  }
  return line.output == "md" ? render_mutation_markdown(report)
                             : render_mutation(report, console.style_of(console.out));
}

int mutate_faults(const CommandLine& line,
                  const std::vector<Suite>& suites,
                  Console& console,
                  EngineFactory& engines) {
  const auto faults = choose_faults(line.faults);
  if (!faults) {
    return complain_about(faults.error(), console);
  }
  install_interrupt_handlers();
  const bool terminal = console.err.is_terminal() && line.loudness != Loudness::quiet;
  const MutationContext context{[&engines](int lane) { return engines.make_faultable(lane); },
                                engines.clock(),
                                line.jobs > 0 ? line.jobs : engines.usual_lanes("local"),
                                [&](const std::string& what, std::size_t done, std::size_t all) {
                                  if (terminal) {
                                    console.err.write("\r" + std::to_string(done) + "/" +
                                                      std::to_string(all) + " faults " + what +
                                                      "\x1b[K");
                                  }
                                }};
  const auto report = mutate(suites, *faults, context);
  if (terminal) {
    console.err.write("\r\x1b[K");
  }
  if (!report) {
    return complain_about(report.error(), console);
  }
  console.out.write(render(*report, line, console));
  return exit_code(*report);
}

int mutate_policies(const CommandLine& line, const std::vector<Suite>& suites, Console& console) {
  EditReport report;
  for (const Suite& suite : suites) {
    add_edits_of(suite, report);
  }
  console.out.write(line.output == "json" ? render_edits_json(report)
                    : line.output == "md" ? render_edits_markdown(report)
                                          : render_edits(report, console.style_of(console.out)));
  return exit_code(report);
}

}  // namespace

int mutate_command(const CommandLine& line, Console& console, EngineFactory& engines) {
  const auto suites = load_suites(line.operands, line.selection);
  if (!suites) {
    return complain_about(suites.error(), console);
  }
  Errors errors;
  for (const Suite& suite : *suites) {
    if (const auto checked = check_suite(suite); !checked) {
      errors.insert(errors.end(), checked.error().begin(), checked.error().end());
    }
  }
  if (line.policies && !line.faults.empty()) {
    errors.push_back({ErrorKind::usage,
                      "--policies edits policies and commits no faults: leave out --fault",
                      std::nullopt});
  }
  if (line.policies && line.jobs > 0) {
    errors.push_back(
        {ErrorKind::usage, "--policies deploys nothing: leave out --jobs", std::nullopt});
  }
  if (!errors.empty()) {
    return complain_about(errors, console);
  }
  if (line.policies) {
    return mutate_policies(line, *suites, console);
  }
  const auto code =
      engines.enter("local", [&] { return mutate_faults(line, *suites, console, engines); });
  return code ? *code : complain_about({code.error()}, console);
}

}  // namespace nettest
