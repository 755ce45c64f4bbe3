#include "harness/controls.hpp"

#include <algorithm>
#include <iterator>
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

/// What the documentation leaves open may be open all the same, and one hasty look does not tell:
/// those that seemed closed are looked at once more, with the long time-out.
Settled look_again(const SettleContext& context, std::vector<Inquiry>& inquiries) {
  std::vector<Inquiry> seemed_closed;
  for (const auto& inquiry : inquiries) {
    if (inquiry.predicted == Verdict::either && control_of(inquiry) == Control::not_open) {
      seemed_closed.push_back(inquiry);
      seemed_closed.back().predicted = Verdict::allowed;
    }
  }
  SettleContext once = context;
  once.patience.settle = Duration{};
  auto settled = settle_once(once, seemed_closed);
  std::move(seemed_closed.begin(), seemed_closed.end(), std::back_inserter(inquiries));
  return settled;
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
  if (!settled.error) {
    const auto again = look_again(context, inquiries);
    settled.rounds += again.rounds;
    settled.error = again.error;
  }
  for (const auto& inquiry : inquiries) {
    book.note(inquiry.probe, control_of(inquiry));
  }
  return settled;
}

}  // namespace nettest
