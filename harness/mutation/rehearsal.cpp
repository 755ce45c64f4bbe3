#include "harness/mutation/rehearsal.hpp"

#include <algorithm>
#include <utility>

#include "harness/case_steps.hpp"
#include "harness/installments.hpp"
#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/mutation/all_probes.hpp"
#include "harness/mutation/forecast.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {

namespace {

constexpr unsigned kBareGeneration = 1;

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

bool same(const NodePrograms& programs, const CompiledNodes& right) {
  return std::equal(
      programs.begin(), programs.end(), right.begin(), [](const auto& one, const auto& other) {
        return one.second.body == other.second.program.body &&
               one.second.hooks == other.second.program.hooks;
      });
}

/// Follows the changes of a step as the local engine makes them: part by part, and addresses change
/// by change. `generation` is that of the last ruleset before.
StagedStep staged_after(const ClusterState& before,
                        AddressBook addresses,
                        unsigned generation,
                        const PlannedStep& plan) {
  StagedStep step;
  step.plan = plan;
  ClusterState state = before;
  const auto parts = installments_of(plan.changes);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const Change& change : parts[i]) {
      if (apply_change(state, change)) {
        addresses = assign_local_addresses(state.world, addresses);
      }
    }
    ++generation;
    if (i + 1 < parts.size()) {
      step.passages.push_back(
          {generation, state, addresses, compile_rightly(state, addresses, generation)});
    }
  }
  step.generation = generation;
  step.addresses = std::move(addresses);
  step.compiled = compile_rightly(plan.state, step.addresses, generation);
  return step;
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
  rehearsal.bare_ = compile_rightly(bare, bare_addresses, kBareGeneration);
  const auto planned = plan_each(suite, [&](const Case& value, const PlannedStep& plan) {
    if (!unmet_need(value, capabilities).empty()) {
      return;
    }
    if (rehearsal.cases_.empty() || rehearsal.cases_.back().value != &value) {
      rehearsal.cases_.push_back({&value, bare, bare_addresses, {}});
    }
    std::vector<StagedStep>& steps = rehearsal.cases_.back().steps;
    steps.push_back(
        steps.empty()
            ? staged_after(bare, bare_addresses, kBareGeneration, plan)
            : staged_after(
                  steps.back().plan.state, steps.back().addresses, steps.back().generation, plan));
    std::erase_if(steps.back().plan.probes, [&](const PlannedProbe& probe) {
      return !unsupported(probe.probe, capabilities).empty();
    });
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
  compile_all(enforcement.compile, staged.bare, staged.bare_addresses, kBareGeneration, bare_);
  for (std::size_t i = 0; i < staged.steps.size(); ++i) {
    const StagedStep& step = staged.steps[i];
    for (const Passage& passage : step.passages) {
      compile_all(enforcement.compile,
                  passage.state,
                  passage.addresses,
                  passage.generation,
                  passage.compiled);
    }
    const NodePrograms programs = compile_all(
        enforcement.compile, step.plan.state, step.addresses, step.generation, step.compiled);
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
