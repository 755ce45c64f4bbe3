#include "results/merge.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/known.hpp"

namespace nettest {

namespace {

/// Says why two reports are not of one run; empty when they are.
std::string difference_of(const Report& a, const Report& b) {
  if (a.facts.nettest_version != b.facts.nettest_version) {
    return "they were written by nettest " + a.facts.nettest_version + " and " +
           b.facts.nettest_version;
  }
  if (a.facts.engine != b.facts.engine) {
    return "they are of the engines " + a.facts.engine + " and " + b.facts.engine;
  }
  if (a.facts.faults != b.facts.faults) {
    return "they are of runs with different faults";
  }
  const bool alike = std::equal(a.suites.begin(),
                                a.suites.end(),
                                b.suites.begin(),
                                b.suites.end(),
                                [](const SuiteResult& x, const SuiteResult& y) {
                                  return x.name == y.name && x.file == y.file;
                                });
  if (!alike || a.facts.configuration != b.facts.configuration) {
    return "their suites or the cases chosen of them differ";
  }
  return a.facts.configuration.empty() || a.facts.shard.empty() || b.facts.shard.empty()
             ? "they are no shards (written by run --shard)"
             : "";
}

void add_missing(std::vector<std::string>& all, const std::vector<std::string>& more) {
  for (const auto& text : more) {
    if (std::find(all.begin(), all.end(), text) == all.end()) {
      all.push_back(text);
    }
  }
}

void merge_facts(RunFacts& whole, const RunFacts& part) {
  whole.started = std::min(whole.started, part.started);
  whole.took = std::max(whole.took, part.took);
  whole.interrupted = whole.interrupted || part.interrupted;
  add_missing(whole.warnings, part.warnings);
  for (const auto& [name, version] : part.versions) {
    std::string& own = whole.versions[name];
    if (own.empty()) {
      own = version;
    } else if (own != version && own.find(version) == std::string::npos) {
      own += ", " + version;
    }
  }
}

void merge_suite(SuiteResult& whole, SuiteResult part) {
  whole.took = std::max(whole.took, part.took);
  add_missing(whole.warnings, part.warnings);
  if (part.error && !whole.error) {
    whole.error = std::move(part.error);
  } else if (part.error) {
    add_missing(whole.warnings, {to_string(*part.error)});
  }
  std::move(part.cases.begin(), part.cases.end(), std::back_inserter(whole.cases));
}

/// Says which cases are there twice or not at all; empty when each is there once.
std::string trouble_with_cases(const SuiteResult& suite, const std::string& shards) {
  std::set<std::size_t> seen;
  for (const auto& part : suite.cases) {
    if (!seen.insert(part.number).second) {
      return "case \"" + part.name + "\" of suite \"" + suite.name +
             "\" is in two of the reports: was one of them given twice?";
    }
  }
  if (seen.size() == suite.chosen) {
    return "";
  }
  return counted(suite.chosen - seen.size(), "case") + " of suite \"" + suite.name +
         "\" are in none of the reports; there are the shards " + shards + ": give the others, too";
}

}  // namespace

Result<Report> merge_reports(std::vector<NamedReport> reports) {
  Report whole = std::move(reports.front().report);
  if (reports.size() == 1) {
    return whole;
  }
  std::vector<std::string> shards = {whole.facts.shard};
  for (std::size_t i = 1; i < reports.size(); ++i) {
    Report& part = reports[i].report;
    if (const auto difference = difference_of(whole, part); !difference.empty()) {
      return fail(
          ErrorKind::usage,
          reports.front().name + " and " + reports[i].name + " are not of one run: " + difference);
    }
    shards.push_back(part.facts.shard);
    merge_facts(whole.facts, part.facts);
    for (std::size_t s = 0; s < whole.suites.size(); ++s) {
      merge_suite(whole.suites[s], std::move(part.suites[s]));
    }
    merge_known_uses(whole.known_uses, part.known_uses);
  }
  for (auto& suite : whole.suites) {
    std::sort(suite.cases.begin(), suite.cases.end(), [](const auto& a, const auto& b) {
      return a.number < b.number;
    });
    if (const auto trouble = trouble_with_cases(suite, join(shards, ", ")); !trouble.empty()) {
      return fail(ErrorKind::usage, trouble);
    }
  }
  whole.facts.shard.clear();
  whole.stale_known = stale_known(whole.known_uses);
  return whole;
}

}  // namespace nettest
