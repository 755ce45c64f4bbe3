#include "harness/local/faults/opening_sets.hpp"

#include <algorithm>
#include <iterator>
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

bool has(const Peers& peers, const IpAddress& pod) {
  return peers.pods.contains(pod) ||
         std::any_of(peers.blocks.begin(), peers.blocks.end(), [&](const BlockPeer& block) {
           return inside(block, pod);
         });
}

std::vector<BlockPeer> common(const std::vector<BlockPeer>& a, const std::vector<BlockPeer>& b) {
  std::vector<BlockPeer> result;
  for (const BlockPeer& mine : a) {
    for (const BlockPeer& theirs : b) {
      if (auto both = common(mine, theirs)) {
        result.push_back(std::move(*both));
      }
    }
  }
  return result;
}

Peers common(const Peers& a, const Peers& b) {
  if (a.anyone || b.anyone) {
    return a.anyone ? b : a;
  }
  Peers result;
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    std::copy_if(one->pods.begin(),
                 one->pods.end(),
                 std::inserter(result.pods, result.pods.end()),
                 [&other = *other](const IpAddress& pod) { return has(other, pod); });
  }
  result.blocks = common(a.blocks, b.blocks);
  return result;
}

bool holds(const Opening& opening, Protocol protocol, Port port) {
  return opening.any_port ||
         std::any_of(opening.ports.begin(), opening.ports.end(), [&](const GatePorts& range) {
           return range.protocol == protocol && range.first <= port && port <= range.last;
         });
}

std::vector<GatePorts> common(const std::vector<GatePorts>& a, const std::vector<GatePorts>& b) {
  std::vector<GatePorts> result;
  for (const GatePorts& mine : a) {
    for (const GatePorts& theirs : b) {
      const GatePorts both{
          mine.protocol, std::max(mine.first, theirs.first), std::min(mine.last, theirs.last)};
      if (mine.protocol == theirs.protocol && both.first <= both.last) {
        result.push_back(both);
      }
    }
  }
  return result;
}

Opening common(const Opening& a, const Opening& b) {
  Opening result;
  result.peers = common(a.peers, b.peers);
  result.any_port = a.any_port && b.any_port;
  result.ports = common(a.ports, b.ports);
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (other->any_port) {
      result.ports.insert(result.ports.end(), one->ports.begin(), one->ports.end());
    }
    std::copy_if(one->pod_ports.begin(),
                 one->pod_ports.end(),
                 std::inserter(result.pod_ports, result.pod_ports.end()),
                 [&other = *other](const PodPort& port) {
                   return other.pod_ports.contains(port) || holds(other, port.protocol, port.port);
                 });
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
