// What a suite would have caught: the judgement of mutation runs, and its text, JSON and Markdown.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "results/outputs.hpp"

namespace nettest {

/// What becomes of a fault. Not exercised: no case of the suite has anything that the fault could
/// get wrong, and a case of some other suite has. Equivalent: nothing in any world could show it.
enum class Fate { killed, survived, not_exercised, equivalent, unclear };

/// Says "killed", "survived", "not exercised", "equivalent" or "unclear".
std::string_view to_string(Fate fate);

/// What a suite made of one fault.
struct Mutant {
  std::string fault;
  std::string bug_class;
  Fate fate = Fate::unclear;
  /// Where it was killed: the step, and the probe with what was seen of it ("x/a -> x/b:80/TCP:
  /// allowed, must be blocked").
  std::string suite;
  std::string case_name;
  std::string step_name;
  std::string cell;
  /// Why it is not killed.
  std::string reason;
  /// A suite that would show a survivor, as text, or empty.
  std::string example;
};

/// Counts of fates; the score is killed of killed and survived.
struct Score {
  std::size_t killed = 0;
  std::size_t survived = 0;
  std::size_t not_exercised = 0;
  std::size_t equivalent = 0;
  std::size_t unclear = 0;

  void add(Fate fate);
  /// "12/14 86 %"; "-" where nothing is applicable. Never rounded up to 100 %.
  [[nodiscard]] std::string text() const;
};

struct MutationReport {
  std::string suites;
  std::string nettest_version;
  /// Ordered by class as faults are.
  std::vector<Mutant> mutants;
  bool interrupted = false;
  Duration took{};
};

Score score_of(const MutationReport& report);

/// 130 interrupted; 1 something survived; 3 something unclear, or nothing killed; else 0.
int exit_code(const MutationReport& report);

std::string render_mutation(const MutationReport& report, const TextStyle& style);
std::string render_mutation_json(const MutationReport& report);
std::string render_mutation_markdown(const MutationReport& report);

}  // namespace nettest
