// The wires of a local world: a network namespace per node and per pod, joined by routed veth
// pairs, without ARP, ND or DAD. Touches namespaces and rtnetlink.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/local/links.hpp"
#include "harness/local/namespaces.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What is run in the mount and UTS namespace of a new pod, to furnish it.
using FurnishPod = std::function<Result<void>(const PodId&)>;

/// Nodes and pods of one world. One thread at a time.
class Topology {
 public:
  /// Makes the nodes of `addresses`, every one linked to every other one. `ipv6` says whether the
  /// kernel can.
  Result<void> add_nodes(const AddressBook& addresses, bool ipv6);

  /// Makes the pods, furnishes and wires them. A pod on its node's own network (hostNetwork)
  /// gets no wires.
  Result<void> add_pods(std::span<const Pod> pods,
                        const AddressBook& addresses,
                        const FurnishPod& furnish);

  /// Removes a pod's wires and lets go of its namespaces; processes in it must be gone.
  Result<void> remove_pod(const PodId& id);

  /// The namespaces of a pod, or nullptr.
  [[nodiscard]] const NamespaceSet* pod(const PodId& id) const;
  [[nodiscard]] const std::map<PodId, NamespaceSet>& pods() const { return pods_; }
  /// Node name → its network namespace.
  [[nodiscard]] std::map<std::string, const Descriptor*> nodes() const;

  /// Lets go of everything; the kernel removes links and routes with the namespaces.
  void clear();

 private:
  struct Node {
    Descriptor network;
    Netlink netlink;
    std::vector<IpAddress> addresses;
    /// Interface indices and addresses of the other nodes.
    std::map<std::string, int> links;
  };
  struct Wire {
    PodId id;
    std::string node;
    std::vector<IpAddress> addresses;
    int index = 0;
  };
  struct NewPod {
    Wire wire;
    NamespaceSet namespaces;
    Netlink netlink;
  };

  Result<void> make_node(const std::string& name, const std::vector<IpAddress>& addresses);
  Result<void> join(const std::string& a, const std::string& b);
  static Result<NewPod> make_pod(const Pod& pod, const Descriptor& home, const FurnishPod& furnish);
  void wire_on_nodes(const NewPod& pod);
  Result<void> wire_in_pod(NewPod& pod) const;
  Result<void> flush_nodes();
  Result<void> wait_for(std::vector<NewPod>& pods);
  /// From wired on the nodes' side to usable.
  Result<void> connect(std::vector<NewPod>& made);

  bool ipv6_ = true;
  int next_index_ = 1000;
  std::map<std::string, Node> nodes_;
  std::map<PodId, NamespaceSet> pods_;
  std::map<PodId, Wire> wires_;
};

}  // namespace nettest
