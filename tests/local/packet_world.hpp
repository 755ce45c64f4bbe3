// A fixture with the network of a local world, and sockets to send real packets with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/local/fabric.hpp"

namespace nettest {

/// Why there is no private world here; empty when there is one.
std::string& why_no_world();

PodId pod_id(const std::string& text);
Pod make_pod(const std::string& id, Labels labels, std::vector<ContainerPort> ports = {});
Service make_service(const std::string& id, Labels selector, std::vector<ServicePort> ports);
Change change_of(decltype(Change::action) action);

/// Pods x/a (node n1), x/b (n2), x/c (n1), y/a (n2), each labelled `pod: NAME` and serving TCP 80
/// ("web") and 81, and UDP 80.
World small_world();

/// Where a packet goes.
struct PacketTarget {
  std::string address;
  Port port = 80;
  Protocol protocol = Protocol::tcp;
};

class PacketWorld : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  void build(const World& world);
  void apply(std::vector<Change> changes);
  /// Sets exactly these policies.
  void police(const std::vector<NetworkPolicy>& policies);

  /// Opens the servers of every pod that has none yet.
  void serve();

  /// "connected", "refused", "unreachable" or "silence", from a socket in the pod.
  std::string send(const std::string& from, const PacketTarget& target);
  /// The same from the calling thread's network.
  std::string send_here(const PacketTarget& target);
  /// The same to a pod by its address.
  std::string reach(const std::string& from,
                    const std::string& to,
                    Port port = 80,
                    Protocol protocol = Protocol::tcp,
                    IpFamily family = IpFamily::ipv4);
  /// The pod whose server got the last UDP datagram or TCP connection, or "".
  std::string who_was_asked();
  std::string address(const std::string& pod, IpFamily family = IpFamily::ipv4);

  std::optional<Fabric> fabric_;
  /// The client's own port; 0: any.
  Port from_port_ = 0;
  /// Long enough for a machine that is busy with other things.
  int patience_ms_ = 1000;

 private:
  struct Server {
    PodId pod;
    ContainerPort port;
    Descriptor socket;
  };
  std::string exchange(int client, const PacketTarget& target);
  void answer_datagram(int client);

  std::vector<Server> servers_;
  std::string asked_;
};

}  // namespace nettest
