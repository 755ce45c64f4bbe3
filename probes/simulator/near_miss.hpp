// What kept a connection from being admitted: the rule that came nearest, in
// words. Pure.
#pragma once

#include <string>
#include <vector>

#include "probes/simulator/compiled.hpp"

namespace nettest {

/// A connection that one end did not admit.
struct Refusal {
  Direction direction = Direction::ingress;
  const Pod& subject;
  const Pod& peer;
  /// The labels of the peer's namespace.
  const Labels& peer_namespace;
  /// The peer's address of the flow's family, as ipBlock sees it.
  std::optional<IpAddress> peer_address;
  Flow flow;
};

/// Says what stood in the way at the rule that came nearest: "its namespace
/// lacks label name=notes (rule 1 of default/web-allow)"; "default/deny-web has
/// no ingress rule" where there is none.
std::string nearest_miss(const Refusal& refusal,
                         const std::vector<const NetworkPolicy*>& isolating);

}  // namespace nettest
