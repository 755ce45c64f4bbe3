#include "harness/mutation/rehearsal.hpp"

#include <algorithm>
#include <utility>

#include "harness/case_steps.hpp"
#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/mutation/all_probes.hpp"
#include "harness/mutation/forecast.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {

namespace {

/// As many as are asked on real packets.
constexpr std::size_t kTelling = 4;

NodePrograms compile_all(const CompileNode& compile,
                         const ClusterState& state,
                         const AddressBook& addresses,
                         unsigned generation,
                         const CompiledNodes& right) {
  NodePrograms programs;
  for (const auto& [node, compiled] : right) {
    programs.emplace(node, compile({state, addresses, node, generation, &compiled}));
  }
  return programs;
}

CompiledNodes compile_rightly(const ClusterState& state,
                              const AddressBook& addresses,
                              unsigned generation) {
  CompiledNodes compiled;
  for (const auto& [node, ips] : addresses.nodes) {
    compiled.emplace(node, compile_in_stages({state, addresses, node, generation}));
  }
  return compiled;
}

unsigned generation_of_step(std::size_t index) {
  return static_cast<unsigned>(index) + 2;
}

bool same(const NodePrograms& programs, const CompiledNodes& right) {
  return std::equal(
      programs.begin(), programs.end(), right.begin(), [](const auto& one, const auto& other) {
        return one.second.body == other.second.program.body &&
               one.second.hooks == other.second.program.hooks;
      });
}

/// The addresses after the changes of a step, as the local engine gives them: change by change.
AddressBook follow(ClusterState state, AddressBook addresses, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (apply_change(state, change)) {
      addresses = assign_local_addresses(state.world, addresses);
    }
  }
  return addresses;
}

/// How soon an answer comes: what connects is quicker than what is cut off, an agent than wget.
int slowness(const PlannedProbe& probe) {
  return (probe.prediction.verdict == Verdict::allowed ? 2 : 0) +
         (probe.probe.client == Client::wget ? 1 : 0);
}

/// The probes that would be answered wrongly: a handful of the quickest sort.
std::vector<PlannedProbe> telling(const StagedStep& step, const Forecast& wrong) {
  std::vector<PlannedProbe> found;
  for (const PlannedProbe& probe : step.plan.probes) {
    if (probe.prediction.verdict != Verdict::either &&
        wrong.connects(probe.probe) != (probe.prediction.verdict == Verdict::allowed)) {
      found.push_back(probe);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return slowness(a) < slowness(b);
  });
  std::erase_if(
      found, [&](const PlannedProbe& probe) { return slowness(probe) != slowness(found.front()); });
  found.resize(std::min(found.size(), kTelling));
  return found;
}

/// Looks for a probe that nobody asked and that would tell.
void look_further(const StagedStep& step, const NodePrograms& programs, Rehearsed& found) {
  const Forecast wrong(step.plan.state, step.addresses, programs);
  const Forecast right(step.plan.state, step.addresses, step.right());
  const Simulator simulator(step.plan.state, step.addresses);
  for (const Probe& probe : all_probes(step.plan.state.world)) {
    const bool connects = wrong.connects(probe);
    if (connects == right.connects(probe)) {
      continue;
    }
    const Verdict verdict = simulator.verdict(probe);
    if (verdict == Verdict::either) {
      found.trace = std::max(found.trace, Trace::undefined);
    } else if (connects != (verdict == Verdict::allowed)) {
      found.trace = Trace::unasked;
      found.unasked = to_string(probe);
      return;
    }
  }
}

}  // namespace

NodePrograms StagedStep::right() const {
  NodePrograms programs;
  for (const auto& [node, one] : compiled) {
    programs.emplace(node, one.program);
  }
  return programs;
}

Checked<Rehearsal> Rehearsal::of(const Suite& suite, const Capabilities& capabilities) {
  Rehearsal rehearsal;
  const ClusterState bare{with_cluster_dns(suite.world), {}};
  const AddressBook bare_addresses = assign_local_addresses(bare.world);
  rehearsal.bare_ = compile_rightly(bare, bare_addresses, 1);
  const auto planned = plan_each(suite, [&](const Case& value, const PlannedStep& plan) {
    if (rehearsal.cases_.empty() || rehearsal.cases_.back().value != &value) {
      rehearsal.cases_.push_back({&value, bare, bare_addresses, {}});
    }
    StagedCase& staged = rehearsal.cases_.back();
    const bool first = staged.steps.empty();
    StagedStep step{plan, {}, {}};
    step.addresses = follow(first ? bare : staged.steps.back().plan.state,
                            first ? bare_addresses : staged.steps.back().addresses,
                            plan.changes);
    step.compiled =
        compile_rightly(plan.state, step.addresses, generation_of_step(staged.steps.size()));
    std::erase_if(step.plan.probes, [&](const PlannedProbe& probe) {
      return !unsupported(probe.probe, capabilities).empty();
    });
    staged.steps.push_back(std::move(step));
  });
  if (!planned) {
    return tl::unexpected(planned.error());
  }
  return rehearsal;
}

void Rehearsal::walk(const Fault& fault,
                     std::size_t case_index,
                     Look look,
                     Rehearsed& found) const {
  const StagedCase& staged = cases_[case_index];
  const Enforcement enforcement = enforcement_with({&fault});
  compile_all(enforcement.compile, staged.bare, staged.bare_addresses, 1, bare_);
  for (std::size_t i = 0; i < staged.steps.size(); ++i) {
    const StagedStep& step = staged.steps[i];
    const NodePrograms programs = compile_all(
        enforcement.compile, step.plan.state, step.addresses, generation_of_step(i), step.compiled);
    if (same(programs, step.compiled)) {
      continue;
    }
    if (found.trace == Trace::none) {
      found.trace = Trace::invisible;
      found.case_index = case_index;
      found.step_index = i;
    }
    if (look == Look::at_everything) {
      if (found.trace < Trace::unasked) {
        look_further(step, programs, found);
      }
      continue;
    }
    const Forecast wrong(step.plan.state, step.addresses, programs);
    if (auto probes = telling(step, wrong); !probes.empty()) {
      found.trace = Trace::shown;
      found.showings.push_back({case_index, i, std::move(probes)});
    }
  }
}

Rehearsed Rehearsal::rehearse(const Fault& fault, std::size_t enough) const {
  Rehearsed found;
  for (std::size_t i = 0; i < cases_.size() && found.showings.size() < enough; ++i) {
    walk(fault, i, Look::at_what_is_asked, found);
  }
  // What nobody asks is dear to find, and is of interest only when nothing else tells.
  for (std::size_t i = found.case_index;
       found.trace != Trace::none && i < cases_.size() && found.trace < Trace::unasked;
       ++i) {
    walk(fault, i, Look::at_everything, found);
  }
  return found;
}

std::vector<Showing> Rehearsal::rehearse_case(const Fault& fault, std::size_t case_index) const {
  Rehearsed found;
  walk(fault, case_index, Look::at_what_is_asked, found);
  return std::move(found.showings);
}

}  // namespace nettest
