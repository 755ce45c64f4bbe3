#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/known_source.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/running.hpp"
#include "harness/cli/suite_source.hpp"
#include "harness/plan.hpp"

namespace nettest {

namespace {

constexpr int kExitMismatch = 1;

void append(Errors& all, const Errors& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// A shard without cases would prove nothing, and look like a part that was run.
Errors check_shard(const CommandLine& line, const std::vector<Suite>& suites) {
  if (!line.shard) {
    return {};
  }
  RunOptions options;
  options.cases = line.cases;
  std::size_t all = 0;
  std::size_t ours = 0;
  for (const auto& suite : suites) {
    options.shard.reset();
    all += choose_cases(suite, options).size();
    options.shard = Shard{line.shard->first, line.shard->second};
    ours += choose_cases(suite, options).size();
  }
  if (ours > 0) {
    return {};
  }
  return {{ErrorKind::usage,
           "--shard " + std::to_string(line.shard->first) + "/" +
               std::to_string(line.shard->second) + " has none of the " + std::to_string(all) +
               " cases: divide the run into fewer parts",
           std::nullopt}};
}

Errors check_before(const CommandLine& line,
                    const std::vector<Suite>& suites,
                    EngineFactory& engines) {
  Errors errors = check_case_globs(line.cases, suites);
  if (const auto committed = engines.commit_faults(line.engine, line.faults); !committed) {
    append(errors, committed.error());
  }
  append(errors, check_writable(line.reports));
  append(errors, check_shard(line, suites));
  if (line.keep && suites.size() > 1) {
    errors.push_back(
        {ErrorKind::usage, "--keep holds one world: give it one suite at a time", std::nullopt});
  }
  if (line.keep && line.lanes > 1) {
    errors.push_back({ErrorKind::usage, "--keep holds one world: leave --lanes out", std::nullopt});
  }
  if (line.cluster.exact_names && line.lanes > 1) {
    errors.push_back(
        {ErrorKind::usage,
         "--exact-names makes one world, with the names of the suite: leave --lanes out",
         std::nullopt});
  }
  return errors;
}

/// What ran with faults says so wherever its name stands: in every report.
void name_faults(std::vector<Suite>& suites, const std::vector<std::string>& faults) {
  for (Suite& suite : suites) {
    if (!faults.empty()) {
      suite.name +=
          (faults.size() == 1 ? " [with fault " : " [with faults ") + join(faults, ", ") + "]";
    }
  }
}

int nothing_deployed(int code, Console& console) {
  console.complain("nothing was deployed");
  return code;
}

/// The names of the cases that neither tags nor --case chose.
std::vector<std::string> unchosen_of(std::vector<std::string> names,
                                     const std::vector<Suite>& suites,
                                     const std::vector<std::string>& globs) {
  std::set<std::string> chosen;
  for (const auto& suite : suites) {
    for (const auto& value : suite.cases) {
      if (is_selected(value, globs)) {
        chosen.insert(value.name);
      }
    }
  }
  names.erase(std::remove_if(names.begin(),
                             names.end(),
                             [&](const std::string& name) { return chosen.count(name) > 0; }),
              names.end());
  return names;
}

/// Runs what is checked.
int run_checked(const RunInputs& inputs) {
  RunFacts facts = facts_before(inputs);
  auto record = RunRecord::open(inputs.line, inputs.suites, facts);
  if (!record) {
    return nothing_deployed(complain_about({record.error()}, inputs.console), inputs.console);
  }
  inputs.engines.configure({inputs.line.cluster, facts.run_id});
  Running running(inputs, std::move(facts), std::move(*record));
  const auto code = inputs.engines.enter(inputs.line.engine, [&running] { return running.run(); });
  return code ? *code : complain_about({code.error()}, inputs.console);
}

}  // namespace

int run_command(const CommandLine& line, Console& console, EngineFactory& engines) {
  auto suites = load_suites(line.operands);
  if (!suites) {
    return complain_about(suites.error(), console);
  }
  const auto every_case = case_names(*suites);
  if (const auto unchosen = select_cases(*suites, line.selection); !unchosen.empty()) {
    return complain_about(unchosen, console);
  }
  Errors errors = check_before(line, *suites, engines);
  const auto known = load_known(line.known);
  if (!known) {
    append(errors, known.error());
  }
  for (const auto& suite : *suites) {
    if (const auto checked = check_suite(suite); !checked) {
      append(errors, checked.error());
    }
  }
  if (!errors.empty()) {
    return nothing_deployed(complain_about(errors, console), console);
  }
  // As a deviation that is gone: the list is not true any more.
  if (const auto misfits = known_misfits(*known, every_case); !misfits.empty()) {
    for (const auto& misfit : misfits) {
      console.complain(misfit);
    }
    return nothing_deployed(kExitMismatch, console);
  }
  name_faults(*suites, line.faults);
  return run_checked(
      {line, console, engines, *suites, *known, unchosen_of(every_case, *suites, line.cases)});
}

}  // namespace nettest
