// The world of a suite: namespaces, pods, services; and the state that changes
// turn it into. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ip.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

struct PodId {
  std::string namespace_name;
  std::string name;

  auto operator<=>(const PodId&) const = default;
};

struct ServiceId {
  std::string namespace_name;
  std::string name;

  auto operator<=>(const ServiceId&) const = default;
};

/// Format as "namespace/name".
std::string to_string(const PodId& id);
std::string to_string(const ServiceId& id);

/// What a pod answers on a port: its identity as a line, or an HTTP response
/// whose body is that line.
enum class Serve { plain, http };

struct ContainerPort {
  std::string name;
  Port port = 0;
  Protocol protocol = Protocol::tcp;
  Serve serve = Serve::plain;
};

struct Pod {
  PodId id;
  Labels labels;
  std::vector<ContainerPort> ports;
  /// Addresses given by the suite. Engines that assign their own ignore them
  /// and say so.
  std::vector<IpAddress> ips;
  /// The node that the suite asks for ("n1"), or empty: the engine spreads.
  std::string node;
  bool host_network = false;
  std::string image;
  std::vector<std::string> command;
  /// Put there by the engine's cluster (kube-dns), not by the suite: not part
  /// of `*/*`.
  bool system = false;
  Location where;
};

struct ServicePort {
  std::string name;
  Port port = 0;
  Protocol protocol = Protocol::tcp;
  /// Nothing: the same number as `port`. A name is looked up in each endpoint
  /// pod.
  std::variant<std::monostate, Port, std::string> target_port;
};

/// A ClusterIP service (headless: without an address of its own, its name
/// resolves to its pods).
struct Service {
  ServiceId id;
  LabelSelector selector;
  std::vector<ServicePort> ports;
  bool headless = false;
  /// Families of its addresses in order; the default is single-stack IPv4, as
  /// the API server's.
  std::vector<IpFamily> families = {IpFamily::ipv4};
  bool system = false;
  Location where;
};

struct Namespace {
  std::string name;
  /// Includes kubernetes.io/metadata.name, as the API server adds it.
  Labels labels;
  bool system = false;
  Location where;
};

/// Namespaces, pods and services in the order in which the suite names them.
struct World {
  std::vector<Namespace> namespaces;
  std::vector<Pod> pods;
  std::vector<Service> services;
};

/// A world and the policies in force in it, in the order in which they were
/// created.
struct ClusterState {
  World world;
  std::vector<NetworkPolicy> policies;
};

const Namespace* find_namespace(const World& world, std::string_view name);
const Pod* find_pod(const World& world, const PodId& id);
const Service* find_service(const World& world, const ServiceId& id);

/// Names of what a cluster brings itself: namespace kube-system, pod and
/// service kube-dns with label k8s-app=kube-dns, port 53 UDP ("dns") and TCP
/// ("dns-tcp").
inline constexpr const char* kSystemNamespace = "kube-system";
inline constexpr const char* kDnsName = "kube-dns";

/// Adds the cluster's own part (see above) to `world` where the suite did not
/// declare it.
World with_cluster_dns(World world);

/// The addresses that an engine gave to a world. Only what exists is in it.
struct AddressBook {
  std::map<PodId, std::vector<IpAddress>> pods;
  std::map<ServiceId, std::vector<IpAddress>> services;
  /// Node name → its addresses; `node_of` says where a pod runs.
  std::map<std::string, std::vector<IpAddress>> nodes;
  std::map<PodId, std::string> node_of;
};

/// The address of that family, or nothing.
std::optional<IpAddress> address_of(const std::vector<IpAddress>& addresses, IpFamily family);

}  // namespace nettest
