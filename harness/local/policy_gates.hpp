// What policies let through at each end of a connection, worked out as addresses and ports: the
// local engine's own reading of NetworkPolicy, independent of the simulator. Pure.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "suites/world.hpp"

namespace nettest {

/// Ports of one protocol, both ends included; 0-65535 is the whole protocol.
struct GatePorts {
  Protocol protocol = Protocol::tcp;
  Port first = 0;
  Port last = 65535;

  auto operator<=>(const GatePorts&) const = default;
};

/// A port of one pod, which a name was resolved to.
struct PodPort {
  IpAddress address;
  Protocol protocol = Protocol::tcp;
  Port port = 0;

  auto operator<=>(const PodPort&) const = default;
};

struct BlockPeer {
  Cidr block;
  std::vector<Cidr> except;

  auto operator<=>(const BlockPeer&) const = default;
};

/// The other ends that a rule speaks of. `anyone` covers addresses outside of the cluster too.
struct Peers {
  bool anyone = false;
  std::set<IpAddress> pods;
  std::vector<BlockPeer> blocks;

  auto operator<=>(const Peers&) const = default;
};

/// One rule, resolved: it lets through `peers` on `ports` (on every port when `any_port`), and
/// exactly the `pod_ports` besides.
struct Opening {
  Peers peers;
  bool any_port = false;
  std::vector<GatePorts> ports;
  std::set<PodPort> pod_ports;

  auto operator<=>(const Opening&) const = default;
};

/// Everything that one isolated pod lets through in one direction; the rest is dropped.
using Gate = std::vector<Opening>;

/// The isolated pods of one direction: pod → its gate. Pods that are not isolated are not in it.
using Gates = std::map<PodId, Gate>;

/// Merges ranges that overlap or touch, so that the result can be a set of intervals.
std::vector<GatePorts> merged(std::vector<GatePorts> ranges);

/// Says whether a selector holds for labels. NotIn and DoesNotExist hold for a missing key.
bool selector_holds(const LabelSelector& selector, const Labels& labels);

/// Works out the gates of the pods on `node`. The state's placeholders are resolved.
Gates gates_of(const ClusterState& state,
               const AddressBook& addresses,
               const std::string& node,
               Direction direction);

}  // namespace nettest
