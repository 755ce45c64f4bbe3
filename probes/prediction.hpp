// What the simulator says of a probe, and why. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/network_policy.hpp"
#include "suites/world.hpp"

namespace nettest {

/// `either`: the documentation leaves it open; never counted as a pass or a
/// failure.
enum class Verdict { allowed, blocked, either };

/// Says "allowed", "blocked" or "either".
std::string_view to_string(Verdict verdict);

/// Why in one word: no policy isolates; a rule lets it in; isolated and no rule
/// does; the name can't be resolved; the service has no pod or not that port;
/// the documentation leaves it open.
enum class Reason { open, rule, no_rule, dns, no_endpoint, undefined };

/// Says "open", "rule", "no-rule", "dns", "no-endpoint" or "undefined" (the
/// words of `simulate -o json`).
std::string_view to_string(Reason reason);

/// The rule of a policy that let a connection through at one end.
struct RuleRef {
  PolicyId policy;
  Direction direction = Direction::ingress;
  /// Index into the policy's rules of that direction, from 0.
  std::size_t rule = 0;
  Location where;
};

/// What the policies at one end of a connection decide.
struct EndDecision {
  Direction direction = Direction::ingress;
  PodId pod;
  /// The tier that decided. Today always "NetworkPolicy", or "default" when no
  /// policy isolates the pod.
  std::string tier = "default";
  bool allowed = true;
  /// The policies that isolate the pod in this direction, in state order.
  std::vector<PolicyId> isolating;
  std::optional<RuleRef> admitted_by;
  /// Where it is blocked: what kept the rule that came nearest from admitting
  /// the other end, or that there is no rule at all.
  std::string nearest_miss;
};

/// The walk that leads to the verdict: for one backend of the destination, both
/// ends (only the one that applies for pods that are their own destination).
struct Because {
  std::optional<EndDecision> egress;
  std::optional<EndDecision> ingress;
  /// The pod whose ends are shown: the destination, the service's (first
  /// blocked, else first) pod, or the DNS pod for `dns`.
  std::optional<PodId> backend;
  /// What no policy says: "a pod always reaches itself", "service default/web
  /// has no endpoints", …
  std::string note;
};

struct Prediction {
  Verdict verdict = Verdict::allowed;
  Reason reason = Reason::open;
  Because because;
};

/// One or two sentences for people: "ingress of default/web is isolated by
/// default/deny-web; no rule admits notes/notes".
std::string explain(const Prediction& prediction);

}  // namespace nettest
