// The walk that leads to a verdict between any two ends, outside addresses included: every policy
// and rule that is asked, what it says, and what came nearest. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/prediction.hpp"
#include "suites/world.hpp"

namespace nettest {

/// An end of a connection: a pod, or an address outside.
struct WalkEnd {
  /// How outputs name it.
  std::string name;
  const Pod* pod = nullptr;
  /// Labels of the pod's namespace.
  const Namespace* home = nullptr;
  std::vector<IpAddress> addresses;
};

/// Who asks for what.
struct WalkQuestion {
  WalkEnd from;
  WalkEnd to;
  Protocol protocol = Protocol::tcp;
  Port port = 0;
};

/// One peer or port entry of a rule that does not fit, and how far it is from fitting.
struct Miss {
  /// "the peer's namespace lacks label name=notes".
  std::string why;
  /// How many things are in the way.
  int distance = 0;
  Location where;
};

/// A rule that was asked.
struct RuleWalk {
  RuleRef rule;
  bool admits = false;
  /// In the order of the manifest; empty when it admits.
  std::vector<Miss> misses;
};

/// A policy that isolates the pod.
struct PolicyWalk {
  PolicyId policy;
  Location where;
  std::vector<RuleWalk> rules;
};

/// One end of the connection.
struct EndWalk {
  Direction direction = Direction::ingress;
  std::string name;
  /// False for an end that no policy speaks of (an outside address).
  bool applies = true;
  bool allowed = true;
  std::vector<PolicyWalk> isolating;
  /// The rule that let it in, first in order.
  std::optional<RuleRef> admitted_by;
  /// What came nearest, when none did and some rule was asked.
  std::optional<Miss> nearest;
  std::optional<RuleRef> nearest_rule;
};

struct Walk {
  Verdict verdict = Verdict::allowed;
  EndWalk egress;
  EndWalk ingress;
  /// What no policy says: "a pod always reaches itself", …
  std::string note;
};

/// Walks through every policy of `policies` that selects an end.
Walk walk(const std::vector<NetworkPolicy>& policies, const WalkQuestion& question);

}  // namespace nettest
