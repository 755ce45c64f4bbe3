#include "probes/expansion.hpp"

#include <set>

#include "base/text.hpp"
#include "probes/endpoints.hpp"

namespace nettest {

namespace {

template <typename T>
bool narrows_to(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

std::string listed(const std::set<std::string>& texts) {
  return texts.empty() ? "nothing" : join({texts.begin(), texts.end()}, ", ");
}

template <typename Object>
std::string served(const std::vector<Object>& objects) {
  std::set<std::string> texts;
  for (const auto& object : objects) {
    for (const auto& port : object.ports) {
      texts.insert(port_text(port.port, port.protocol));
    }
  }
  return listed(texts);
}

Target pod_target(const Pod& pod, const ContainerPort& port) {
  Target target;
  target.to = pod.id;
  target.port = port.port;
  target.protocol = port.protocol;
  target.serve = port.serve;
  return target;
}

template <typename Port>
bool wanted(const NamedDestination& to, const Port& port) {
  return !to.port || (port.port == *to.port && port.protocol == *to.protocol);
}

template <typename Object>
bool any_wanted(const NamedDestination& to, const std::vector<Object>& objects) {
  return std::any_of(objects.begin(), objects.end(), [&](const Object& object) {
    return std::any_of(object.ports.begin(), object.ports.end(), [&](const auto& port) {
      return wanted(to, port);
    });
  });
}

std::vector<Target> pod_targets(Expansion& expansion,
                                const NamedDestination& to,
                                const PairSpec& spec) {
  const std::string pattern = to.namespace_glob + "/" + to.name_glob;
  const auto ever = fitting(expansion.ever.pods, pattern);
  if (ever.empty()) {
    const bool service = !fitting(expansion.ever.services, pattern).empty();
    expansion.complain("to: " + quoted(pattern) + " fits no pod of the world" +
                       (service ? "; for the service of that name write \"svc:" + spec.to + "\""
                                : spelling_hint(pattern, names_of(expansion.ever.pods))));
    return {};
  }
  if (!any_wanted(to, ever)) {
    expansion.complain("to: " + quoted(spec.to) + ": nobody there serves " +
                       (to.port ? port_text(*to.port, *to.protocol) : "a port") +
                       " (served: " + served_text(ever) + ")");
    return {};
  }
  std::vector<Target> targets;
  for (const auto& pod : fitting(expansion.world.pods, pattern)) {
    for (const auto& port : pod.ports) {
      // Where no port is named, wget is only sent where HTTP is spoken.
      const bool speaks = to.port || spec.client != Client::wget ||
                          (port.serve == Serve::http && port.protocol == Protocol::tcp);
      if (wanted(to, port) && speaks) {
        targets.push_back(pod_target(pod, port));
      }
    }
  }
  return targets;
}

std::vector<Target> service_targets(Expansion& expansion,
                                    const NamedDestination& to,
                                    By by,
                                    const PairSpec& spec) {
  const std::string pattern = to.namespace_glob + "/" + to.name_glob;
  const auto ever = fitting(expansion.ever.services, pattern);
  if (ever.empty()) {
    expansion.complain("to: " + quoted(pattern) + " fits no service of the world" +
                       spelling_hint(pattern, names_of(expansion.ever.services)));
    return {};
  }
  if (!any_wanted(to, ever)) {
    expansion.complain("to: " + quoted(spec.to) + ": no such port there (the service has " +
                       served_text(ever) + ")");
    return {};
  }
  std::vector<Target> targets;
  for (const auto& service : fitting(expansion.world.services, pattern)) {
    if (service.headless && by == By::service_ip) {
      if (!is_glob(pattern)) {
        expansion.complain("to: " + quoted(spec.to) +
                           ": a headless service has no address of its own; ask by service-name");
      }
      continue;
    }
    for (const auto& port : service.ports) {
      if (wanted(to, port)) {
        targets.push_back(service_target(expansion.world, service, port, by));
      }
    }
  }
  return targets;
}

}  // namespace

void Expansion::complain(const std::string& message) {
  const bool said = std::any_of(errors.begin(), errors.end(), [&](const Error& other) {
    return other.message == message && other.where == where;
  });
  if (!said) {
    errors.push_back({ErrorKind::suite, message, where});
  }
}

std::string quoted(std::string_view text) {
  return "\"" + printable(text) + "\"";
}

std::string port_text(Port port, Protocol protocol) {
  return std::to_string(port) + "/" + std::string(to_string(protocol));
}

std::string host_of(const Service& service) {
  return service.id.name + "." + service.id.namespace_name;
}

std::string served_text(const std::vector<Pod>& objects) {
  return served(objects);
}

std::string served_text(const std::vector<Service>& objects) {
  return served(objects);
}

std::optional<Serve> serve_of(const World& world,
                              const Service& service,
                              Port port,
                              Protocol protocol) {
  for (const auto& endpoint : endpoints(world, service, port, protocol)) {
    if (const auto* found = find_port(*endpoint.pod, endpoint.port, protocol)) {
      return found->serve;
    }
  }
  return std::nullopt;
}

Target service_target(const World& world, const Service& service, const ServicePort& port, By by) {
  Target target;
  target.to = service.id;
  target.by = by;
  target.port = port.port;
  target.protocol = port.protocol;
  target.serve = serve_of(world, service, port.port, port.protocol).value_or(Serve::plain);
  target.host = by == By::service_name ? host_of(service) : "";
  target.families = service.families;
  return target;
}

template <typename AnyPort>
bool asks(const MatrixSpec& spec, const AnyPort& port) {
  return narrows_to(spec.ports, port.port) && narrows_to(spec.protocols, port.protocol);
}

std::vector<Target> matrix_of_pods(const MatrixSpec& spec, const World& world) {
  std::vector<Target> targets;
  for (const auto& pod : world.pods) {
    for (const auto& port : pod.ports) {
      if (!pod.system && asks(spec, port)) {
        targets.push_back(pod_target(pod, port));
      }
    }
  }
  return targets;
}

std::vector<Target> matrix_of_services(const MatrixSpec& spec, const World& world, By by) {
  std::vector<Target> targets;
  for (const auto& service : world.services) {
    if (service.system || (service.headless && by == By::service_ip)) {
      continue;
    }
    for (const auto& port : service.ports) {
      if (asks(spec, port)) {
        targets.push_back(service_target(world, service, port, by));
      }
    }
  }
  return targets;
}

std::vector<Target> matrix_targets(const MatrixSpec& spec, const World& world, By by) {
  return by == By::pod_ip ? matrix_of_pods(spec, world) : matrix_of_services(spec, world, by);
}

void check_matrix(Expansion& expansion, const MatrixSpec& spec) {
  std::set<Port> ports;
  std::set<Protocol> protocols;
  std::set<std::string> texts;
  for (const By by : spec.by) {
    for (const auto& target : matrix_targets({{}, {}, {by}, {}}, expansion.ever, by)) {
      ports.insert(target.port);
      protocols.insert(target.protocol);
      texts.insert(port_text(target.port, target.protocol));
    }
  }
  const std::string tail = " (served: " + listed(texts) + ")";
  for (const Port port : spec.ports) {
    if (!ports.contains(port)) {
      expansion.complain("matrix: nobody serves port " + std::to_string(port) + tail);
    }
  }
  for (const Protocol protocol : spec.protocols) {
    if (!protocols.contains(protocol)) {
      expansion.complain("matrix: nobody serves " + std::string(to_string(protocol)) + tail);
    }
  }
  if (texts.empty() && spec.ports.empty() && spec.protocols.empty()) {
    expansion.complain("matrix asks nothing: no pod or service of the world serves a port");
  }
}

std::vector<Target> named_targets(Expansion& expansion, const PairSpec& spec) {
  const auto to = parse_named_destination(spec.to);
  if (!to) {
    expansion.complain(to.error().message);
    return {};
  }
  const By by = spec.by.value_or(to->service ? By::service_ip : By::pod_ip);
  if (by == By::url || (to->service && by == By::pod_ip)) {
    expansion.complain("to: " + quoted(spec.to) + " cannot be asked for by " +
                       std::string(to_string(by)));
    return {};
  }
  return by == By::pod_ip ? pod_targets(expansion, *to, spec)
                          : service_targets(expansion, *to, by, spec);
}

}  // namespace nettest
