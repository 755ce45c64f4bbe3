// The edits that make a policy looser or tighter, one at a time. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/network_policy.hpp"

namespace nettest {

/// A policy after one edit; nothing: deleted.
struct PolicyEdit {
  std::string what;
  Location where;
  std::optional<NetworkPolicy> policy;
};

/// Every edit of a policy: delete it, widen its selector, drop a policyType, drop a rule, a peer or
/// a port, widen a selector of a peer, drop an except.
std::vector<PolicyEdit> edits_of(const NetworkPolicy& policy);

}  // namespace nettest
