// Where the world of one lane stands in the cluster: names of namespaces, labels, nodes. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Marks everything that nettest makes; nothing without the first is ever written to or removed.
inline constexpr const char* kRunLabel = "nettest.dev/run";
inline constexpr const char* kLaneLabel = "nettest.dev/lane";
/// Who runs it, and when it began (RFC 3339, UTC): annotations, for people.
inline constexpr const char* kOwnerNote = "nettest.dev/owner";
inline constexpr const char* kStartedNote = "nettest.dev/started";

/// A node that takes pods.
struct ClusterNode {
  std::string name;
  /// The value of its label kubernetes.io/hostname.
  std::string hostname;
  /// "amd64".
  std::string architecture;
  std::vector<IpAddress> addresses;
};

/// Suites name nodes n1, n2, …: the cluster's nodes in the order of their names.
class Placement {
 public:
  Placement() = default;
  /// `exact`: namespaces keep the names of the suite.
  Placement(std::string run, int lane, bool exact, std::vector<ClusterNode> nodes);

  /// "nettest-<run>-<lane>-<name>"; kube-system is the cluster's own and stays. What would be too
  /// long ends in a hash.
  [[nodiscard]] std::string real(const std::string& namespace_name) const;
  /// The name of a service, with its namespace replaced: "web.default" → "web.nettest-…-default".
  [[nodiscard]] std::string real_host(const std::string& host, const World& world) const;
  /// "nettest.dev/run=R,nettest.dev/lane=L".
  [[nodiscard]] std::string selector() const;
  /// Our own labels of every object.
  [[nodiscard]] Labels labels() const;

  /// The node that a pod goes to: the one it asks for ("n2", or a node's own name), else the next
  /// in turn. Null when there are no nodes.
  const ClusterNode* choose(const Pod& pod);
  [[nodiscard]] const std::vector<ClusterNode>& nodes() const { return nodes_; }
  /// "n1", "n2", …
  [[nodiscard]] std::vector<std::string> node_names() const;
  /// The suite's name of a cluster node, or empty.
  [[nodiscard]] std::string logical_node(std::string_view name) const;

 private:
  std::string run_;
  int lane_ = 1;
  bool exact_ = false;
  std::vector<ClusterNode> nodes_;
  std::size_t next_ = 0;
};

/// The cluster's own namespace: never created, written to, or removed.
bool is_cluster_own(std::string_view namespace_name);

}  // namespace nettest
