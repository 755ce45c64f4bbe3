#include "harness/preflight.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/fence.hpp"

namespace nettest {

namespace {

Error not_enforced(std::size_t nodes) {
  return {ErrorKind::engine,
          std::string(kNotEnforced) + ": pods that a policy forbids to talk still talk on " +
              (nodes == 1 ? "the node" : "all " + std::to_string(nodes) + " nodes") +
              ". NetworkPolicy needs a network plugin that enforces it (Calico, Cilium, Antrea, "
              "…); flannel alone does not. If the plugin is only slow, give it longer with "
              "--settle. Nothing else was run",
          std::nullopt};
}

}  // namespace

Result<void> preflight(Lane& lane, const SettleContext& context) {
  if (!has_fence(lane.state().world)) {
    return {};
  }
  const auto clients = lane.engine().capabilities().clients;
  std::vector<Inquiry> open = fence_inquiries(lane.state(), clients);
  if (auto settled = settle_once(context, open); settled.error) {
    return tl::unexpected(settled.error->while_doing("see whether policies are enforced"));
  }
  if (auto turned = lane.apply({turn_of_fence(lane.state())}); !turned) {
    return tl::unexpected(turned.error().while_doing("see whether policies are enforced"));
  }
  std::vector<Inquiry> shut = fence_inquiries(lane.state(), clients);
  if (auto settled = settle_once(context, shut); settled.error) {
    return tl::unexpected(settled.error->while_doing("see whether policies are enforced"));
  }
  const auto talks = [](const Inquiry& inquiry) {
    return observed(inquiry.attempts.back().signal) == Observed::allowed;
  };
  // Pods that can't talk anyway prove nothing; the baseline of the cases tells of them.
  if (std::all_of(open.begin(), open.end(), talks) &&
      std::all_of(shut.begin(), shut.end(), talks)) {
    return tl::unexpected(not_enforced(shut.size()));
  }
  return lane.delete_policies();
}

}  // namespace nettest
