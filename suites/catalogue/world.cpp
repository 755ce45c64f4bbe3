#include "suites/catalogue/world.hpp"

#include <array>
#include <utility>

#include "suites/catalogue/grammar.hpp"

namespace nettest::catalogue {

namespace {

constexpr std::array kNamespaces = {"x", "y", "z"};
constexpr std::array kPods = {"a", "b", "c"};

struct Served {
  const char* name;
  Port port;
  Protocol protocol;
};
constexpr std::array kServed = {Served{"serve-80-tcp", 80, Protocol::tcp},
                                Served{"serve-80-udp", 80, Protocol::udp},
                                Served{"serve-80-sctp", 80, Protocol::sctp},
                                Served{"serve-81-tcp", 81, Protocol::tcp},
                                Served{"serve-81-udp", 81, Protocol::udp},
                                Served{"serve-81-sctp", 81, Protocol::sctp}};

Service service_of(const std::string& namespace_name, const std::string& pod) {
  Service service;
  service.id = {namespace_name, "s-" + namespace_name + "-" + pod};
  service.selector = labelled({{"pod", pod}});
  for (const auto& served : kServed) {
    service.ports.push_back({served.name, served.port, served.protocol, std::monostate{}});
  }
  return service;
}

}  // namespace

Namespace namespace_of(std::string name, Labels labels) {
  Namespace made;
  labels.emplace("kubernetes.io/metadata.name", name);
  made.name = std::move(name);
  made.labels = std::move(labels);
  return made;
}

Pod pod_of(std::string_view id, Labels labels) {
  std::vector<ContainerPort> ports;
  for (const auto& served : kServed) {
    ports.push_back({served.name, served.port, served.protocol, Serve::plain});
  }
  return pod_with(id, std::move(labels), std::move(ports));
}

Pod pod_with(std::string_view id, Labels labels, std::vector<ContainerPort> ports) {
  Pod made;
  made.id = pod_named(id);
  made.labels = std::move(labels);
  made.ports = std::move(ports);
  return made;
}

World base_world() {
  World world;
  for (const std::string name : kNamespaces) {
    world.namespaces.push_back(namespace_of(name, {{"ns", name}}));
    for (const std::string pod : kPods) {
      world.pods.push_back(pod_of(name + "/" + pod, {{"pod", pod}}));
      world.services.push_back(service_of(name, pod));
    }
  }
  return world;
}

}  // namespace nettest::catalogue
