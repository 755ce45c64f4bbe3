#include "harness/local/faults/fault_classes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nettest {

namespace {

constexpr std::array kLeftOut = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"N2",
     "suites ask by pod address, ClusterIP and name; no probe comes through a node port or a load "
     "balancer"},
    {"H1",
     "no probe comes from a node; where a hostNetwork pod does, the documentation leaves the "
     "verdict open"},
    {"H2", "the documentation leaves it open: no verdict can be wrong"},
    {"H3", "no probe goes to a node's own address"},
    {"S3", "NetworkPolicy speaks of TCP, UDP and SCTP; the rest is left open by the documentation"},
    {"D8", "the local engine has no agent of the plugin to restart"},
    {"A1", "nettest does not evaluate these kinds yet"},
    {"A2", "nettest does not evaluate these kinds yet"},
});

}  // namespace

std::string_view left_out(std::string_view bug_class) {
  const auto* const found = std::find_if(
      kLeftOut.begin(), kLeftOut.end(), [&](const auto& one) { return one.first == bug_class; });
  return found == kLeftOut.end() ? std::string_view() : found->second;
}

}  // namespace nettest
