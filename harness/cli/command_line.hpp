// What the user typed, as a value. The only home of CLI11.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/cli/engine_settings.hpp"
#include "suites/selection.hpp"

namespace nettest {

struct StaticIo;

enum class ColourWish { automatic, always, never };
enum class Loudness { quiet, normal, verbose };

/// Files that reports go to; empty: not wanted, "-": stdout.
struct ReportPaths {
  std::string junit;
  std::string json;
  std::string markdown;
};

struct CommandLine {
  /// "run", "simulate", …; empty when `text` is all there is to do.
  std::string command;
  std::vector<std::string> operands;
  std::string engine;
  ClusterOptions cluster;
  std::vector<std::string> cases;
  /// Which cases by their tags.
  Selection selection;
  /// Faults that the engine is told to commit.
  std::vector<std::string> faults;
  /// mutate: worlds side by side; 0: as suits the engine.
  int jobs = 0;
  /// mutate: edits the suite's own policies instead of committing faults.
  bool policies = false;
  /// Classes that `faults` lists; empty: all.
  std::vector<std::string> classes;
  ReportPaths reports;
  /// Format of simulate, faults: "txt", "json", "md".
  std::string output = "txt";
  /// What generate writes, where to ("-": stdout), or only its table of contents.
  std::string suite = "conformance";
  std::string file = "-";
  bool list = false;
  std::optional<Duration> settle;
  std::optional<Duration> timeout;
  bool keep = false;
  /// For `simulate` of manifests: leave out what is wrong; pass over these kinds of policies.
  bool skip_invalid = false;
  std::vector<std::string> ignored_kinds;
  /// Lanes of run; 0: as suits the engine.
  int lanes = 0;
  /// "I/N" of --shard, read: which part of how many.
  std::optional<std::pair<std::size_t, std::size_t>> shard;
  /// Journals to write and to go on with; empty: none that was named.
  std::string journal;
  std::string resume;
  /// Lists of known deviations: files, or builtin:NAME.
  std::vector<std::string> known;
  /// Which run's world `shell` enters, or `cleanup` removes.
  std::string run;
  ColourWish colour = ColourWish::automatic;
  Loudness loudness = Loudness::normal;
  /// What to do for list, query and the other questions about manifests; returns the exit code.
  std::function<int(StaticIo&)> static_action;
  /// Help that was asked for.
  std::string text;
};

/// Reads a command line. Fails (kind usage) with what is wrong and a hint.
Result<CommandLine> parse_command_line(const std::vector<std::string>& args,
                                       const std::vector<std::string>& engines);

/// Reads "10", "1.5s", "250ms", "2m": seconds without a unit; positive, at most an
/// hour.
std::optional<Duration> parse_duration(std::string_view text);

/// Reads "2/3", the second of three parts.
std::optional<std::pair<std::size_t, std::size_t>> parse_shard(std::string_view text);

}  // namespace nettest
