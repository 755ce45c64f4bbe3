#include "harness/plan.hpp"

#include <algorithm>
#include <utility>

#include "harness/expectations.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/local_addresses.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

/// How much of a plan is wanted: only its errors, or the predictions too.
enum class Detail { errors, predictions };

/// A step as far as it could be worked out. `done` is false when its changes
/// are not possible, so that nothing after it can be worked out either.
struct Worked {
  PlannedStep step;
  Errors errors;
  bool done = false;
};

struct Adder {
  World& world;

  void operator()(const CreatePod& change) const { world.pods.push_back(change.pod); }
  void operator()(const CreateService& change) const { world.services.push_back(change.service); }
  void operator()(const CreateNamespace& change) const { world.namespaces.push_back(change.value); }
  template <typename Other>
  void operator()(const Other& /*creates nothing*/) const {}
};

/// Everything that exists at some time of the suite.
World world_of_all_times(const Suite& suite, const World& now) {
  World world = now;
  for (const auto& pod : suite.world.pods) {
    world.pods.push_back(pod);
  }
  for (const auto& service : suite.world.services) {
    world.services.push_back(service);
  }
  for (const auto& value : suite.cases) {
    for (const auto& step : value.steps) {
      for (const auto& change : step.changes) {
        std::visit(Adder{world}, change.action);
      }
    }
  }
  return world;
}

Error placed(Error error, const Location& where) {
  if (!error.where) {
    error.where = where;
  }
  return error;
}

/// Makes the changes of a step in `worked.step.state`, placeholders resolved.
void make_changes(const Step& step, const AddressBook& addresses, Worked& worked) {
  for (const auto& change : step.changes) {
    Change resolved = change;
    if (auto* apply = std::get_if<ApplyPolicy>(&resolved.action)) {
      auto policy = resolve_placeholders(apply->policy, addresses);
      if (!policy) {
        worked.errors.push_back(placed(policy.error(), change.where));
        return;
      }
      apply->policy = *std::move(policy);
    }
    if (auto made = apply_change(worked.step.state, resolved); !made) {
      worked.errors.push_back(placed(made.error(), change.where));
      return;
    }
    worked.step.changes.push_back(std::move(resolved));
  }
  worked.done = true;
}

Worked work_out(const Suite& suite,
                const Step& step,
                const ClusterState& before,
                const AddressBook& addresses,
                Detail detail) {
  Worked worked;
  worked.step.step = &step;
  worked.step.state = before;
  make_changes(step, addresses, worked);
  if (!worked.done) {
    return worked;
  }
  auto probes = probes_of_step(suite, step, worked.step.state.world, addresses);
  if (!probes) {
    worked.errors = std::move(probes.error());
    return worked;
  }
  if (detail == Detail::errors && step.expect.empty()) {
    return worked;
  }
  const Simulator simulator(worked.step.state, addresses);
  auto checked = check_expectations(step.expect, *probes, simulator);
  worked.errors = std::move(checked.errors);
  if (detail == Detail::errors || !worked.errors.empty()) {
    return worked;
  }
  worked.step.probes.reserve(probes->size());
  for (std::size_t i = 0; i < probes->size(); ++i) {
    const auto* const expectation = checked.of_probe[i];
    Prediction prediction = simulator.predict((*probes)[i]);
    worked.step.probes.push_back({std::move((*probes)[i]),
                                  std::move(prediction),
                                  expectation == nullptr ? "" : expectation->written});
  }
  return worked;
}

/// The addresses after a step, and those that were known before it.
struct KnownAddresses {
  AddressBook now;
  AddressBook known;

  void follow(const World& world) {
    now = assign_local_addresses(world, now);
    AddressBook merged = now;
    merged.pods.insert(known.pods.begin(), known.pods.end());
    merged.services.insert(known.services.begin(), known.services.end());
    merged.nodes.insert(known.nodes.begin(), known.nodes.end());
    merged.node_of.insert(known.node_of.begin(), known.node_of.end());
    known = std::move(merged);
  }
};

/// The world after the changes of a step that can be made.
World world_after(const Step& step, const ClusterState& before) {
  ClusterState state;
  state.world = before.world;
  for (const auto& change : step.changes) {
    if (!is_policy_change(change) && !apply_change(state, change)) {
      break;
    }
  }
  return std::move(state.world);
}

bool touches_world(const Step& step) {
  return !std::all_of(step.changes.begin(), step.changes.end(), is_policy_change);
}

using Visit = std::function<void(const Case& value, const PlannedStep& step)>;

/// Walks one case from the bare world.
void walk(const Suite& suite,
          const Case& value,
          KnownAddresses addresses,
          const Visit& visit,
          Errors& errors) {
  ClusterState state;
  state.world = with_cluster_dns(suite.world);
  for (const auto& step : value.steps) {
    if (touches_world(step)) {
      addresses.follow(world_after(step, state));
    }
    Worked worked =
        work_out(suite, step, state, addresses.known, visit ? Detail::predictions : Detail::errors);
    for (const auto& error : worked.errors) {
      errors.push_back(
          error.while_doing("case \"" + value.name + "\", step \"" + step.name + "\""));
    }
    if (!worked.done) {
      return;
    }
    if (visit && errors.empty()) {
      visit(value, worked.step);
    }
    state = std::move(worked.step.state);
  }
}

}  // namespace

Checked<std::vector<Probe>> probes_of_step(const Suite& suite,
                                           const Step& step,
                                           const World& world,
                                           const AddressBook& addresses) {
  if (step.probes) {
    return expand_probes(*step.probes, world, {nullptr, &addresses});
  }
  const World ever = world_of_all_times(suite, world);
  if (suite.probes.empty()) {
    return expand_probes({{MatrixSpec{}, step.where}}, world, {&ever, &addresses});
  }
  return expand_probes(suite.probes, world, {&ever, &addresses});
}

Checked<PlannedStep> plan_step(const Suite& suite,
                               const Step& step,
                               const ClusterState& before,
                               const AddressBook& addresses) {
  Worked worked = work_out(suite, step, before, addresses, Detail::predictions);
  if (!worked.errors.empty()) {
    return tl::unexpected(std::move(worked.errors));
  }
  return std::move(worked.step);
}

namespace {

Checked<void> walk_all(const Suite& suite, const Visit& visit) {
  KnownAddresses addresses;
  addresses.follow(with_cluster_dns(suite.world));
  Errors errors;
  for (const auto& value : suite.cases) {
    walk(suite, value, addresses, visit, errors);
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return {};
}

}  // namespace

Checked<void> plan_each(const Suite& suite, const Visit& visit) {
  return walk_all(suite, visit);
}

Checked<void> check_suite(const Suite& suite) {
  return walk_all(suite, nullptr);
}

Checked<std::vector<std::vector<PlannedStep>>> plan_suite(const Suite& suite) {
  std::vector<std::vector<PlannedStep>> plan(suite.cases.size());
  const auto keep = [&](const Case& value, const PlannedStep& step) {
    plan[static_cast<std::size_t>(&value - suite.cases.data())].push_back(step);
  };
  return plan_each(suite, keep).map([&] { return std::move(plan); });
}

}  // namespace nettest
