// Works out, without deploying anything, what each fault would change in the steps of a suite.
// Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/engine.hpp"
#include "harness/local/faults/fault.hpp"
#include "harness/plan.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// The rulesets of one moment, by node.
using NodePrograms = std::map<std::string, NftProgram>;

/// What the right compiler makes of each node.
using CompiledNodes = std::map<std::string, CompiledNode>;

/// A state that the engine goes through within a step, with what the right compiler makes of it.
struct Passage {
  unsigned generation = 0;
  ClusterState state;
  AddressBook addresses;
  CompiledNodes compiled;
};

/// A step with what the right compiler makes of it.
struct StagedStep {
  PlannedStep plan;
  /// What came before the last part of its changes was sent (harness/installments.hpp).
  std::vector<Passage> passages;
  unsigned generation = 0;
  AddressBook addresses;
  CompiledNodes compiled;

  [[nodiscard]] NodePrograms right() const;
};

/// A case of which the engine can ask something.
struct StagedCase {
  const Case* value = nullptr;
  ClusterState bare;
  AddressBook bare_addresses;
  std::vector<StagedStep> steps;
};

/// A step in which probes of the suite would be answered wrongly.
struct Showing {
  std::size_t case_index = 0;
  std::size_t step_index = 0;
  /// The probes that tell, in the order of the step; a handful.
  std::vector<PlannedProbe> probes;
};

/// How far the traces of a fault go in a suite.
enum class Trace {
  /// Every ruleset is as it should be.
  none,
  /// Some ruleset differs, and no probe that its world has could tell.
  invisible,
  /// Only verdicts that the documentation leaves open differ.
  undefined,
  /// A probe could tell, and the suite does not ask it.
  unasked,
  /// Probes of the suite tell.
  shown
};

struct Rehearsed {
  Trace trace = Trace::none;
  /// The first few.
  std::vector<Showing> showings;
  /// A probe that would tell, where the suite asks none.
  std::string unasked;
  /// The first step with a wrong ruleset.
  std::size_t case_index = 0;
  std::size_t step_index = 0;
};

class Rehearsal {
 public:
  /// Plans every case that the engine can run; probes that it can't ask are left out. The suite
  /// outlives this.
  static Checked<Rehearsal> of(const Suite& suite, const Capabilities& capabilities);

  /// Commits a fault in every case, until `enough` steps have shown it.
  [[nodiscard]] Rehearsed rehearse(const Fault& fault, std::size_t enough = 2) const;
  /// Commits it in one case only.
  [[nodiscard]] std::vector<Showing> rehearse_case(const Fault& fault,
                                                   std::size_t case_index) const;

  [[nodiscard]] const std::vector<StagedCase>& cases() const { return cases_; }

 private:
  enum class Look { at_what_is_asked, at_everything };
  void walk(const Fault& fault, std::size_t case_index, Look look, Rehearsed& found) const;

  /// The world before each case.
  CompiledNodes bare_;
  std::vector<StagedCase> cases_;
};

}  // namespace nettest
