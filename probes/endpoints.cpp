#include "probes/endpoints.hpp"

#include <algorithm>

#include "probes/simulator/selectors.hpp"

namespace nettest {

namespace {

template <typename Ports>
auto find_in(const Ports& ports, Port port, Protocol protocol) -> decltype(ports.data()) {
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const auto& candidate) {
    return candidate.port == port && candidate.protocol == protocol;
  });
  return found == ports.end() ? nullptr : &*found;
}

std::optional<Port> target(const ServicePort& port, const Pod& pod) {
  if (const auto* number = std::get_if<Port>(&port.target_port)) {
    return *number;
  }
  const auto* name = std::get_if<std::string>(&port.target_port);
  if (name == nullptr) {
    return port.port;
  }
  for (const auto& candidate : pod.ports) {
    if (candidate.name == *name && candidate.protocol == port.protocol) {
      return candidate.port;
    }
  }
  return std::nullopt;
}

}  // namespace

const ServicePort* find_port(const Service& service, Port port, Protocol protocol) {
  return find_in(service.ports, port, protocol);
}

const ContainerPort* find_port(const Pod& pod, Port port, Protocol protocol) {
  return find_in(pod.ports, port, protocol);
}

std::vector<const Pod*> selected_pods(const World& world, const Service& service) {
  std::vector<const Pod*> selected;
  if (service.selector.empty()) {
    return selected;
  }
  for (const auto& pod : world.pods) {
    if (pod.id.namespace_name == service.id.namespace_name &&
        selects(service.selector, pod.labels)) {
      selected.push_back(&pod);
    }
  }
  return selected;
}

std::optional<Port> target_port(const Service& service,
                                const ServicePort* service_port,
                                const Pod& pod,
                                Port asked) {
  if (service.headless) {
    return asked;
  }
  return service_port == nullptr ? std::nullopt : target(*service_port, pod);
}

std::vector<ServiceEndpoint> endpoints(const World& world,
                                       const Service& service,
                                       Port port,
                                       Protocol protocol) {
  std::vector<ServiceEndpoint> found;
  const ServicePort* const service_port = find_port(service, port, protocol);
  for (const Pod* const pod : selected_pods(world, service)) {
    if (const auto number = target_port(service, service_port, *pod, port)) {
      found.push_back({pod, *number});
    }
  }
  return found;
}

}  // namespace nettest
