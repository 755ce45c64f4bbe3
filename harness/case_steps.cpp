#include "harness/case_steps.hpp"

#include <set>
#include <string>
#include <utility>

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
  return std::move(paths).take();
}

Result<RanStep> start_step(const Suite& suite,
                           const Step& step,
                           Lane& lane,
                           const ControlBook& before) {
  const ClusterState state = lane.state();
  if (auto applied = lane.apply(step.changes); !applied) {
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
  return ran;
}

std::vector<Probe> paths_to_control(const std::vector<RanStep>& steps) {
  Paths paths;
  for (const auto& step : steps) {
    for (const auto& inquiry : step.inquiries) {
      if (needs_control(inquiry)) {
        paths.add(inquiry.probe);
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
  for (auto& planned : step.planned) {
    Comparison comparison;
    comparison.probe = planned.probe;
    comparison.prediction = std::move(planned.prediction);
    comparison.expectation = std::move(planned.expectation);
    comparison.why_inconclusive = unsupported(planned.probe, capabilities);
    if (comparison.why_inconclusive.empty()) {
      comparison.attempts = std::move(inquiry->attempts);
      ++inquiry;
      comparison.controls = {before.of(planned.probe), after.of(planned.probe)};
    }
    comparison = judge(std::move(comparison), step.changed);
    if (comparison.agreement != Agreement::match) {
      comparison.reproduce = engine.by_hand(planned.probe);
    }
    comparisons.push_back(std::move(comparison));
  }
  return comparisons;
}

}  // namespace nettest
