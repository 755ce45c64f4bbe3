#include "harness/kubernetes/placement.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kLongestName = 63;

// FNV-1a: the same everywhere and always.
std::string short_hash(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (int i = 0; i < 8; ++i) {
    digits += kDigits[hash & 0xFU];
    hash >>= 4U;
  }
  return digits;
}

}  // namespace

bool is_cluster_own(std::string_view namespace_name) {
  return namespace_name == kSystemNamespace;
}

Placement::Placement(std::string run, int lane, bool exact, std::vector<ClusterNode> nodes)
    : run_(std::move(run)), lane_(lane), exact_(exact), nodes_(std::move(nodes)) {
  std::sort(nodes_.begin(), nodes_.end(), [](const ClusterNode& a, const ClusterNode& b) {
    return a.name < b.name;
  });
}

std::string Placement::real(const std::string& namespace_name) const {
  if (exact_ || is_cluster_own(namespace_name)) {
    return namespace_name;
  }
  const auto prefix = "nettest-" + run_ + "-" + std::to_string(lane_) + "-";
  auto whole = prefix + namespace_name;
  if (whole.size() <= kLongestName) {
    return whole;
  }
  const auto hash = short_hash(namespace_name);
  return prefix + namespace_name.substr(0, kLongestName - prefix.size() - hash.size() - 1) + "-" +
         hash;
}

std::string Placement::real_host(const std::string& host, const World& world) const {
  auto parts = split(host, '.');
  if (parts.size() < 2 || find_namespace(world, parts[1]) == nullptr ||
      IpAddress::parse(host).has_value()) {
    return host;
  }
  parts[1] = real(parts[1]);
  return join(parts, ".");
}

std::string Placement::selector() const {
  return std::string(kRunLabel) + "=" + run_ + "," + kLaneLabel + "=" + std::to_string(lane_);
}

Labels Placement::labels() const {
  return {{kRunLabel, run_}, {kLaneLabel, std::to_string(lane_)}};
}

const ClusterNode* Placement::choose(const Pod& pod) {
  if (nodes_.empty()) {
    return nullptr;
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (pod.node == nodes_[i].name || pod.node == "n" + std::to_string(i + 1)) {
      return &nodes_[i];
    }
  }
  return &nodes_[next_++ % nodes_.size()];
}

std::vector<std::string> Placement::node_names() const {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= nodes_.size(); ++i) {
    names.push_back("n" + std::to_string(i));
  }
  return names;
}

std::string Placement::logical_node(std::string_view name) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].name == name) {
      return "n" + std::to_string(i + 1);
    }
  }
  return {};
}

}  // namespace nettest
