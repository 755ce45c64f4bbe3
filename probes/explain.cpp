#include <vector>

#include "base/text.hpp"
#include "probes/prediction.hpp"

namespace nettest {

namespace {

std::string end_name(const EndDecision& end) {
  return std::string(to_string(end.direction)) + " of " + to_string(end.pod);
}

/// "x/p", "x/p and x/q", "x/p, x/q and 3 more".
std::string list(const std::vector<PolicyId>& policies) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < policies.size() && i < kShown; ++i) {
    names.push_back(to_string(policies[i]));
  }
  if (policies.size() > kShown) {
    return join(names, ", ") + " and " + std::to_string(policies.size() - kShown) + " more";
  }
  const std::string last = names.empty() ? "no policy" : names.back();
  if (names.size() < 2) {
    return last;
  }
  names.pop_back();
  return join(names, ", ") + " and " + last;
}

std::string peer_name(const Because& because, Direction direction) {
  const auto& other = direction == Direction::ingress ? because.egress : because.ingress;
  return other ? to_string(other->pod) : "the other end";
}

std::string describe(const EndDecision& end, const Because& because) {
  const std::string peer = peer_name(because, end.direction);
  if (end.admitted_by) {
    return end_name(end) + ": rule " + std::to_string(end.admitted_by->rule + 1) + " of " +
           to_string(end.admitted_by->policy) + " admits " + peer;
  }
  if (end.isolating.empty()) {
    return "no policy isolates " + end_name(end);
  }
  return end_name(end) + " is isolated by " + list(end.isolating) + "; no rule admits " + peer +
         ": " + end.nearest_miss;
}

std::string describe_open(const Because& because) {
  return "no policy isolates " + end_name(*because.egress) + " or " + end_name(*because.ingress);
}

bool is_open(const EndDecision& end) {
  return end.allowed && !end.admitted_by;
}

/// The ends worth saying: the blocked ones, or both where nothing is blocked.
std::vector<std::string> ends(const Because& because) {
  std::vector<std::string> said;
  const bool both = because.egress && because.ingress;
  if (both && is_open(*because.egress) && is_open(*because.ingress)) {
    return {describe_open(because)};
  }
  const bool blocked = (because.egress && !because.egress->allowed) ||
                       (because.ingress && !because.ingress->allowed);
  for (const auto* end : {&because.egress, &because.ingress}) {
    if (*end && (!blocked || !(*end)->allowed)) {
      said.push_back(describe(**end, because));
    }
  }
  return said;
}

}  // namespace

std::string explain(const Prediction& prediction) {
  const Because& because = prediction.because;
  if (prediction.verdict == Verdict::either) {
    return because.note;
  }
  std::vector<std::string> parts;
  if (!because.note.empty()) {
    parts.push_back(because.note);
  }
  for (auto& end : ends(because)) {
    parts.push_back(std::move(end));
  }
  return join(parts, prediction.verdict == Verdict::blocked ? ". " : "; ");
}

}  // namespace nettest
