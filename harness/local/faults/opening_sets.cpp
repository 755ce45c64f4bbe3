#include "harness/local/faults/opening_sets.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nettest {

namespace {

bool inside(const BlockPeer& block, const IpAddress& address) {
  return block.block.contains(address) &&
         std::none_of(block.except.begin(), block.except.end(), [&](const Cidr& except) {
           return except.contains(address);
         });
}

std::optional<BlockPeer> common(const BlockPeer& a, const BlockPeer& b) {
  if (!a.block.contains(b.block) && !b.block.contains(a.block)) {
    return std::nullopt;
  }
  BlockPeer result{a.block.contains(b.block) ? b.block : a.block, a.except};
  result.except.insert(result.except.end(), b.except.begin(), b.except.end());
  return result;
}

Peers common(const Peers& a, const Peers& b) {
  if (a.anyone || b.anyone) {
    return a.anyone ? b : a;
  }
  Peers result;
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const IpAddress& pod : one->pods) {
      if (other->pods.contains(pod) ||
          std::any_of(other->blocks.begin(), other->blocks.end(), [&](const BlockPeer& block) {
            return inside(block, pod);
          })) {
        result.pods.insert(pod);
      }
    }
  }
  for (const BlockPeer& mine : a.blocks) {
    for (const BlockPeer& theirs : b.blocks) {
      if (auto both = common(mine, theirs)) {
        result.blocks.push_back(std::move(*both));
      }
    }
  }
  return result;
}

bool holds(const Opening& opening, Protocol protocol, Port port) {
  return opening.any_port ||
         std::any_of(opening.ports.begin(), opening.ports.end(), [&](const GatePorts& range) {
           return range.protocol == protocol && range.first <= port && port <= range.last;
         });
}

Opening common(const Opening& a, const Opening& b) {
  Opening result;
  result.peers = common(a.peers, b.peers);
  result.any_port = a.any_port && b.any_port;
  for (const GatePorts& mine : a.ports) {
    if (b.any_port) {
      result.ports.push_back(mine);
    }
    for (const GatePorts& theirs : b.ports) {
      const GatePorts both{
          mine.protocol, std::max(mine.first, theirs.first), std::min(mine.last, theirs.last)};
      if (mine.protocol == theirs.protocol && both.first <= both.last) {
        result.ports.push_back(both);
      }
    }
  }
  if (a.any_port) {
    result.ports.insert(result.ports.end(), b.ports.begin(), b.ports.end());
  }
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const PodPort& port : one->pod_ports) {
      if (other->pod_ports.contains(port) || holds(*other, port.protocol, port.port)) {
        result.pod_ports.insert(port);
      }
    }
  }
  result.ports = merged(std::move(result.ports));
  return result;
}

}  // namespace

Gate common(const Gate& a, const Gate& b) {
  Gate result;
  for (const Opening& mine : a) {
    for (const Opening& theirs : b) {
      result.push_back(common(mine, theirs));
    }
  }
  return result;
}

}  // namespace nettest
