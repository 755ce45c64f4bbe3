// What stands behind a service: pods and the ports that they are dialled on. Pure.
// https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service
#pragma once

#include <optional>
#include <vector>

#include "suites/world.hpp"

namespace nettest {

/// A pod that a service hands connections to, and the port on it.
struct ServiceEndpoint {
  const Pod* pod = nullptr;
  Port port = 0;
};

/// The service's port of that number and protocol, or null.
const ServicePort* find_port(const Service& service, Port port, Protocol protocol);
/// What the pod serves on that port, or null.
const ContainerPort* find_port(const Pod& pod, Port port, Protocol protocol);

/// The pods of `world` that the service selects, in world order. A service
/// without selector selects nobody.
std::vector<const Pod*> selected_pods(const World& world, const Service& service);

/// The port of `pod` that a connection to `asked` of the service ends on, or
/// nothing when the pod is no endpoint for it.
std::optional<Port> target_port(const Service& service,
                                const ServicePort* service_port,
                                const Pod& pod,
                                Port asked);

/// Where the service sends connections to `port`: a named targetPort is looked
/// up in each pod, and a pod that has no such name is left out. A headless
/// service translates nothing: its pods are dialled on the port as asked.
std::vector<ServiceEndpoint> endpoints(const World& world,
                                       const Service& service,
                                       Port port,
                                       Protocol protocol);

}  // namespace nettest
