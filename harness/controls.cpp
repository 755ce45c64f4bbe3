#include "harness/controls.hpp"

#include <utility>

#include "probes/simulator/simulator.hpp"

namespace nettest {

namespace {

Control control_of(const Inquiry& inquiry) {
  if (inquiry.attempts.empty() || observed(inquiry.attempts.back().signal) == Observed::nothing) {
    return Control::not_done;
  }
  return observed(inquiry.attempts.back().signal) == Observed::allowed ? Control::open
                                                                       : Control::not_open;
}

}  // namespace

Control ControlBook::of(const Probe& probe) const {
  const auto found = seen_.find(probe);
  return found == seen_.end() ? Control::not_done : found->second;
}

void ControlBook::update(const ControlBook& newer) {
  for (const auto& [probe, control] : newer.seen_) {
    seen_[probe] = control;
  }
}

bool ends_exist(const Probe& probe, const World& world) {
  if (find_pod(world, probe.from) == nullptr) {
    return false;
  }
  if (const auto* pod = std::get_if<PodId>(&probe.to)) {
    return find_pod(world, *pod) != nullptr;
  }
  return find_service(world, std::get<ServiceId>(probe.to)) != nullptr;
}

Settled take_controls(const SettleContext& context,
                      const ClusterState& state,
                      const AddressBook& addresses,
                      const std::vector<Probe>& probes,
                      ControlBook& book) {
  const Simulator simulator(state, addresses);
  std::vector<Inquiry> inquiries;
  for (const auto& probe : probes) {
    if (book.of(probe) != Control::not_done) {
      continue;
    }
    if (!ends_exist(probe, state.world)) {
      book.note(probe, Control::impossible);
      continue;
    }
    Inquiry inquiry;
    inquiry.probe = probe;
    inquiry.predicted = simulator.verdict(probe);
    if (inquiry.predicted == Verdict::blocked) {
      book.note(probe, Control::impossible);
      continue;
    }
    inquiries.push_back(std::move(inquiry));
  }
  auto settled = settle_once(context, inquiries);
  for (const auto& inquiry : inquiries) {
    book.note(inquiry.probe, control_of(inquiry));
  }
  return settled;
}

}  // namespace nettest
