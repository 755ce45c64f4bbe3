// The complete record of a run, from which every output is rendered. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "results/comparison.hpp"

namespace nettest {

/// P50, P95 and P99 by the nearest-rank method, and the number of values.
struct Percentiles {
  std::size_t count = 0;
  Duration p50{};
  Duration p95{};
  Duration p99{};
};

struct StepResult {
  std::string name;
  std::string description;
  /// What was done, in words, in order.
  std::vector<std::string> changes;
  std::vector<Comparison> comparisons;
  /// From the start of the changes to the end of the confirming round.
  Duration took{};
  /// Rounds of probes sent, the confirming one included.
  int rounds = 0;
  /// Set when the step could not be done or judged at all (an engine error, an
  /// interrupt); comparisons may be partial.
  std::optional<Error> error;
  /// Set when the step was not started, and why.
  std::string skipped;
};

struct CaseResult {
  std::string name;
  std::string description;
  std::vector<std::string> tags;
  /// Classes of bugs that the case is there to find.
  std::vector<std::string> detects;
  /// Its place among the cases that were chosen of the suite, from 1, whatever
  /// shard ran it.
  std::size_t number = 0;
  std::vector<StepResult> steps;
  Duration took{};
};

struct SuiteResult {
  std::string name;
  std::string file;
  std::vector<std::string> warnings;
  std::vector<CaseResult> cases;
  /// How many cases were chosen of the suite, over all shards.
  std::size_t chosen = 0;
  Duration took{};
  /// An error outside any step: deployment failed.
  std::optional<Error> error;
};

/// Facts of the run itself; order of `versions` is by name.
struct RunFacts {
  std::string run_id;
  std::string nettest_version;
  std::string engine;
  std::map<std::string, std::string> versions;
  WallTime started;
  Duration took{};
  std::string hostname;
  /// Faults that were asked for; a run with faults says so in every report.
  std::vector<std::string> faults;
  bool interrupted = false;
  /// "2/3" for the second of three shards; empty for a whole run.
  std::string shard;
  /// Stands for what was to be run: suites, selection, engine, version. Equal for
  /// the shards of one run.
  std::string configuration;
  std::vector<std::string> warnings;
};

/// What became of an entry of the list of known deviations: how many probes that it
/// fits were judged, and how many of them deviated.
struct KnownUse {
  /// The entry in words, with its place and reason.
  std::string entry;
  std::size_t judged = 0;
  std::size_t deviating = 0;
};

struct Report {
  RunFacts facts;
  std::vector<SuiteResult> suites;
  std::vector<KnownUse> known_uses;
  /// Entries of the list of known deviations that deviate no more, in words; each
  /// fails the run. A shard does not know them: other shards may deviate.
  std::vector<std::string> stale_known;
};

struct Counts {
  std::size_t probes = 0;
  std::size_t matched = 0;
  std::size_t mismatched = 0;
  /// Mismatches that are known deviations: not among `mismatched`.
  std::size_t known = 0;
  std::size_t inconclusive = 0;
  /// Probes that the engine can't ask.
  std::size_t unasked = 0;
  /// Predictions of `either`: observed, not judged.
  std::size_t undefined = 0;
  std::size_t attempts = 0;
  std::size_t errors = 0;
  /// Steps that were not started.
  std::size_t skipped = 0;

  Counts& operator+=(const Counts& other);
};

Counts count(const StepResult& step);
Counts count(const CaseResult& result);
Counts count(const SuiteResult& suite);
Counts count(const Report& report);

/// Enforcement latencies of the probes that matched.
Percentiles enforcement_latency(const StepResult& step);
Percentiles enforcement_latency(const SuiteResult& suite);
Percentiles enforcement_latency(const Report& report);

/// The exit code of design section 10: 130 interrupted, else 1 any mismatch that
/// is not known, or a stale entry of the list of known ones, else 2 an error of kind usage or
/// suite, else 3 anything inconclusive, any other error, or no probe that was judged and matched
/// (`either` is not judged), else 0.
int exit_code(const Report& report);

}  // namespace nettest
