#include "harness/case_steps.hpp"

#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "harness/fence.hpp"
#include "probes/simulator/simulator.hpp"

namespace nettest {

namespace {

const std::string kNotSupported = " is not supported by this engine";

/// Collects probes, each once, in the order in which they come.
class Paths {
 public:
  void add(const Probe& probe) {
    if (seen_.insert(probe).second) {
      list_.push_back(probe);
    }
  }
  std::vector<Probe> take() && { return std::move(list_); }

 private:
  std::set<Probe> seen_;
  std::vector<Probe> list_;
};

Error first_of(const Errors& errors) {
  Error error = errors.front();
  for (std::size_t i = 1; i < errors.size(); ++i) {
    error.message += "\n" + to_string(errors[i]);
  }
  return error;
}

Inquiry inquiry_of(const PlannedProbe& planned, const ControlBook& before) {
  Inquiry inquiry;
  inquiry.probe = planned.probe;
  inquiry.predicted = planned.prediction.verdict;
  inquiry.dns_blocks =
      planned.prediction.reason == Reason::dns || planned.prediction.reason == Reason::no_endpoint;
  inquiry.patient = before.of(planned.probe) != Control::not_open;
  return inquiry;
}

/// Says of each planned probe whether its verdict was another one in `before`.
std::vector<bool> turned_by_changes(const std::vector<PlannedProbe>& planned,
                                    const ClusterState& before,
                                    const AddressBook& addresses) {
  const Simulator simulator(before, addresses);
  std::vector<bool> turned;
  turned.reserve(planned.size());
  for (const auto& [probe, prediction, expectation] : planned) {
    turned.push_back(!ends_exist(probe, before.world) ||
                     simulator.verdict(probe) != prediction.verdict);
  }
  return turned;
}

void add_fence(RanStep& ran, std::vector<Inquiry> fence, const ControlBook& before) {
  for (auto& inquiry : fence) {
    inquiry.patient = before.of(inquiry.probe) != Control::not_open;
    inquiry.signal = true;
    ran.inquiries.push_back(std::move(inquiry));
    ++ran.fence_inquiries;
  }
}

/// Agents can be glanced at: those that the changes turn show when the changes are in.
void mark_signals(RanStep& ran, const Capabilities& capabilities) {
  auto inquiry = ran.inquiries.begin();
  for (std::size_t i = 0; i < ran.planned.size(); ++i) {
    if (!unsupported(ran.planned[i].probe, capabilities).empty()) {
      continue;
    }
    inquiry->signal = ran.turned[i] && inquiry->probe.client == Client::agent &&
                      inquiry->predicted != Verdict::either;
    ++inquiry;
  }
}

bool needs_control(const Inquiry& inquiry) {
  return inquiry.predicted == Verdict::blocked ||
         (inquiry.predicted == Verdict::allowed && !as_predicted(inquiry));
}

}  // namespace

std::string unsupported(const Probe& probe, const Capabilities& capabilities) {
  if (!capabilities.protocols.contains(probe.protocol)) {
    return std::string(to_string(probe.protocol)) + kNotSupported;
  }
  if (!capabilities.families.contains(probe.family)) {
    return std::string(to_string(probe.family)) + kNotSupported;
  }
  if (!capabilities.clients.contains(probe.client)) {
    return "the client " + std::string(to_string(probe.client)) + kNotSupported;
  }
  return "";
}

std::string unmet_need(const Case& value, const Capabilities& capabilities) {
  for (const Need need : value.needs) {
    if (need == Need::sctp && !capabilities.protocols.contains(Protocol::sctp)) {
      return "it needs SCTP, which this engine does not support";
    }
    if (need == Need::ipv6 && !capabilities.families.contains(IpFamily::ipv6)) {
      return "it needs IPv6, which this engine does not have here";
    }
    if (need == Need::two_nodes && capabilities.nodes.size() == 1) {
      return "it needs two nodes, and there is one";
    }
  }
  return "";
}

Result<std::vector<Probe>> paths_of_case(const Suite& suite, const Case& value, const Lane& lane) {
  const Capabilities capabilities = lane.engine().capabilities();
  ClusterState state = lane.state();
  Paths paths;
  for (const auto& step : value.steps) {
    for (const auto& change : step.changes) {
      if (auto applied = apply_change(state, change); !applied) {
        return tl::unexpected(applied.error());
      }
    }
    const auto probes = probes_of_step(suite, step, state.world, lane.known_addresses());
    if (!probes) {
      return tl::unexpected(first_of(probes.error()));
    }
    for (const auto& probe : *probes) {
      if (unsupported(probe, capabilities).empty()) {
        paths.add(probe);
      }
    }
  }
  for (const auto& inquiry : fence_inquiries(lane.state(), capabilities.clients)) {
    paths.add(inquiry.probe);
  }
  return std::move(paths).take();
}

Result<RanStep> start_step(const Suite& suite,
                           const Step& step,
                           Lane& lane,
                           const ControlBook& before) {
  const ClusterState state = lane.state();
  const bool fenced = has_fence(state.world) && !step.changes.empty();
  std::vector<Change> changes = step.changes;
  if (fenced) {
    changes.push_back(turn_of_fence(state));
  }
  if (auto applied = lane.apply(changes); !applied) {
    return tl::unexpected(applied.error());
  }
  auto planned = plan_step(suite, step, state, lane.known_addresses());
  if (!planned) {
    return tl::unexpected(first_of(planned.error()));
  }
  const Capabilities capabilities = lane.engine().capabilities();
  RanStep ran;
  ran.planned = std::move(planned->probes);
  for (const auto& probe : ran.planned) {
    if (unsupported(probe.probe, capabilities).empty()) {
      ran.inquiries.push_back(inquiry_of(probe, before));
    }
  }
  if (fenced) {
    ran.turned = turned_by_changes(ran.planned, state, lane.known_addresses());
    mark_signals(ran, capabilities);
    add_fence(ran, fence_inquiries(lane.state(), capabilities.clients), before);
  }
  return ran;
}

std::string fence_trouble(const RanStep& step, const Lane& lane) {
  std::vector<std::string> places;
  for (auto it = step.inquiries.end() - static_cast<std::ptrdiff_t>(step.fence_inquiries);
       it != step.inquiries.end();
       ++it) {
    if (!as_predicted(*it)) {
      places.push_back(fence_place(it->probe, lane.state().world));
    }
  }
  return places.empty() ? ""
                        : "the policy engine has not caught up: a policy of nettest's own, changed "
                          "after this step's changes, shows no effect yet on " +
                              join(places, ", ");
}

std::vector<Probe> paths_to_control(const std::vector<RanStep>& steps) {
  Paths paths;
  for (const auto& step : steps) {
    for (std::size_t i = 0; i + step.fence_inquiries < step.inquiries.size(); ++i) {
      if (needs_control(step.inquiries[i])) {
        paths.add(step.inquiries[i].probe);
      }
    }
  }
  return std::move(paths).take();
}

std::vector<Comparison> judge_step(RanStep step,
                                   const ControlBook& before,
                                   const ControlBook& after,
                                   const Engine& engine) {
  std::vector<Comparison> comparisons;
  comparisons.reserve(step.planned.size());
  const Capabilities capabilities = engine.capabilities();
  auto inquiry = step.inquiries.begin();
  for (std::size_t i = 0; i < step.planned.size(); ++i) {
    PlannedProbe& planned = step.planned[i];
    Comparison comparison;
    comparison.probe = planned.probe;
    comparison.prediction = std::move(planned.prediction);
    comparison.expectation = std::move(planned.expectation);
    comparison.why_skipped = unsupported(planned.probe, capabilities);
    if (comparison.why_skipped.empty()) {
      comparison.attempts = std::move(inquiry->attempts);
      ++inquiry;
      comparison.controls = {before.of(planned.probe), after.of(planned.probe)};
    }
    comparison = judge(std::move(comparison), step.changed);
    if (!step.not_caught_up.empty() && comparison.agreement == Agreement::match &&
        !step.turned[i]) {
      comparison.agreement = Agreement::inconclusive;
      comparison.why_inconclusive = step.not_caught_up;
    }
    if (!step.turned.empty() && !step.turned[i] && !comparison.late) {
      // It was asked when the engine had caught up, and tells nothing of how long that took.
      comparison.enforcement_latency.reset();
    }
    if (comparison.agreement == Agreement::mismatch ||
        comparison.agreement == Agreement::inconclusive) {
      comparison.reproduce = engine.by_hand(planned.probe);
    }
    comparisons.push_back(std::move(comparison));
  }
  return comparisons;
}

}  // namespace nettest
