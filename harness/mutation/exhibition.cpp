#include "harness/mutation/exhibition.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "harness/interrupt.hpp"
#include "harness/local/service_compiler.hpp"
#include "harness/mutation/shrink.hpp"
#include "suites/catalogue/catalogue.hpp"

namespace nettest {

namespace {

std::string port_text(const Probe& probe) {
  return ":" + std::to_string(probe.port) + "/" + std::string(to_string(probe.protocol));
}

std::string destination(const Probe& probe) {
  if (probe.by == By::url) {
    return probe.url;
  }
  const auto* service = std::get_if<ServiceId>(&probe.to);
  return (service != nullptr ? "svc:" + to_string(*service)
                             : to_string(std::get<PodId>(probe.to))) +
         port_text(probe);
}

/// The probe as a suite asks for it.
ProbeSpec spec_of(const Probe& probe) {
  PairSpec pair{
      to_string(probe.from), destination(probe), probe.client, std::nullopt, {probe.family}};
  if (probe.by != By::url && probe.by != By::pod_ip) {
    pair.by = probe.by;
  }
  return {std::move(pair), {}};
}

Expectation expectation_of(const PlannedProbe& planned) {
  Expectation expectation;
  const std::string to = destination(planned.probe);
  expectation.allow = planned.prediction.verdict == Verdict::allowed;
  expectation.from = to_string(planned.probe.from);
  expectation.written = expectation.from + " -> " + to;
  if (planned.probe.by == By::url) {
    expectation.to = to;
  } else {
    expectation.to = to.substr(0, to.rfind(':'));
    expectation.port = planned.probe.port;
    expectation.protocol = planned.probe.protocol;
  }
  return expectation;
}

/// The case as a suite that asks the telling probe only, up to the step that shows.
Suite bared(const Suite& catalogue, const Case& value, const Showing& showing, const Fault& fault) {
  const PlannedProbe& telling = showing.probes.front();
  Suite suite;
  suite.name = "shows-" + fault.name;
  suite.description = fault.about;
  suite.file = suite.name;
  suite.world = catalogue.world;
  suite.probes = {spec_of(telling.probe)};
  suite.cases = {value};
  Case& only = suite.cases.front();
  only.tags.clear();
  only.steps.resize(showing.step_index + 1);
  for (Step& step : only.steps) {
    step.probes.reset();
    step.expect.clear();
  }
  only.steps.back().expect = {expectation_of(telling)};
  return suite;
}

/// What is left of a step is often not what its name says. No two get the same name.
void name_steps(Suite& suite) {
  std::set<std::string> known;
  for (Step& step : suite.cases.front().steps) {
    std::vector<std::string> changes;
    for (const Change& change : step.changes) {
      changes.push_back(describe(change));
    }
    step.name = changes.empty() ? "no change" : join(changes, ", ");
    while (!known.insert(step.name).second) {
      step.name += " again";
    }
    step.description.clear();
  }
}

bool serves(const Pod& pod, const Probe& probe, Port port) {
  return std::any_of(pod.ports.begin(), pod.ports.end(), [&](const ContainerPort& one) {
    return one.port == port && one.protocol == probe.protocol;
  });
}

/// Says whether whoever is there at the destination answers.
bool is_answered(const World& world, const AddressBook& addresses, const Probe& probe) {
  if (const auto* pod = std::get_if<PodId>(&probe.to)) {
    const Pod* const there = find_pod(world, *pod);
    return there == nullptr || serves(*there, probe, probe.port);
  }
  const Service* const service = find_service(world, std::get<ServiceId>(probe.to));
  if (service == nullptr) {
    return true;
  }
  return std::all_of(service->ports.begin(), service->ports.end(), [&](const ServicePort& port) {
    const auto targets = endpoints_of(world, addresses, *service, port, probe.family);
    return port.port != probe.port || port.protocol != probe.protocol ||
           std::all_of(targets.begin(), targets.end(), [&](const ServiceTarget& target) {
             return serves(*find_pod(world, target.pod), probe, target.port);
           });
  });
}

bool applies_policy(const StagedStep& step) {
  return std::any_of(step.plan.changes.begin(), step.plan.changes.end(), [](const Change& change) {
    return std::holds_alternative<ApplyPolicy>(change.action);
  });
}

/// Says whether a run could judge the probe: what is shut must have been open before, and what is
/// not open must have a policy to blame.
bool is_judged(const StagedCase& staged, const Probe& probe) {
  return is_answered(staged.bare.world, staged.bare_addresses, probe) &&
         std::all_of(staged.steps.begin(),
                     staged.steps.end(),
                     [&](const StagedStep& step) {
                       return is_answered(step.plan.state.world, step.addresses, probe);
                     }) &&
         std::any_of(staged.steps.begin(), staged.steps.end(), applies_policy);
}

/// Says whether the last step of the only case shows the fault.
bool shows(const Suite& suite, const Fault& fault, const Capabilities& capabilities) {
  const auto rehearsal = Rehearsal::of(suite, capabilities);
  if (!rehearsal || rehearsal->cases().size() != 1) {
    return false;
  }
  const auto showings = rehearsal->rehearse_case(fault, 0);
  return !showings.empty() && showings.back().step_index + 1 == suite.cases.front().steps.size() &&
         is_judged(rehearsal->cases().front(), showings.back().probes.front().probe);
}

}  // namespace

Exhibition::Exhibition(Capabilities capabilities)
    : capabilities_(std::move(capabilities)), catalogue_(*builtin_suite("conformance")) {}

const Rehearsal* Exhibition::staged(std::size_t case_index) {
  if (const auto known = rehearsals_.find(case_index); known != rehearsals_.end()) {
    return &known->second;
  }
  Suite& suite = suites_[case_index];
  suite.world = catalogue_.world;
  suite.probes = catalogue_.probes;
  suite.cases = {catalogue_.cases[case_index]};
  auto rehearsal = Rehearsal::of(suite, capabilities_);
  if (!rehearsal || rehearsal->cases().empty()) {
    return nullptr;
  }
  return &rehearsals_.emplace(case_index, std::move(*rehearsal)).first->second;
}

std::optional<Exhibition::Found> Exhibition::search(const Fault& fault) {
  std::vector<std::size_t> order;
  for (const bool meant : {true, false}) {
    for (std::size_t i = 0; i < catalogue_.cases.size(); ++i) {
      const auto& detects = catalogue_.cases[i].detects;
      if ((std::find(detects.begin(), detects.end(), fault.bug_class) != detects.end()) == meant) {
        order.push_back(i);
      }
    }
  }
  for (const std::size_t index : order) {
    if (interrupted()) {
      break;
    }
    const Rehearsal* const rehearsal = staged(index);
    if (rehearsal == nullptr) {
      continue;
    }
    if (auto showings = rehearsal->rehearse_case(fault, 0); !showings.empty()) {
      return Found{index, std::move(showings.front())};
    }
  }
  return std::nullopt;
}

const Case* Exhibition::find(const Fault& fault) {
  const auto found = search(fault);
  return found ? &catalogue_.cases[found->case_index] : nullptr;
}

std::optional<Suite> Exhibition::example(const Fault& fault) {
  const auto found = search(fault);
  if (!found) {
    return std::nullopt;
  }
  const auto still = [&](const Suite& suite) {
    return !interrupted() && shows(suite, fault, capabilities_);
  };
  Suite suite = bared(catalogue_, catalogue_.cases[found->case_index], found->showing, fault);
  if (!still(suite)) {
    return std::nullopt;
  }
  suite = shrink(std::move(suite), still);
  name_steps(suite);
  return suite;
}

}  // namespace nettest
