// What the expansion of probe specs is made of. Internal to probes/. Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "probes/destination.hpp"
#include "probes/probe.hpp"

namespace nettest {

/// What a source is to ask, whoever the source is.
struct Target {
  std::variant<PodId, ServiceId> to;
  By by = By::pod_ip;
  Port port = 0;
  Protocol protocol = Protocol::tcp;
  Serve serve = Serve::plain;
  std::string host;
  std::string url;
  /// The families that the destination has.
  std::vector<IpFamily> families = {IpFamily::ipv4, IpFamily::ipv6};
};

/// What specs are expanded against, and the errors found so far.
struct Expansion {
  const World& world;
  const World& ever;
  const AddressBook* addresses = nullptr;
  Location where;
  Errors errors;

  /// Notes an error of the spec at `where`, once.
  void complain(const std::string& message);
};

/// The targets of a matrix for one way of asking, narrowed as the spec says.
std::vector<Target> matrix_targets(const MatrixSpec& spec, const World& world, By by);
/// Complains of ports and protocols that nobody ever serves.
void check_matrix(Expansion& expansion, const MatrixSpec& spec);

/// The targets of "ns/name…" and "svc:ns/name…".
std::vector<Target> named_targets(Expansion& expansion, const PairSpec& spec);

/// What `from` reaches at a URL; nothing when it does not exist now, or after a
/// complaint.
std::optional<Target> url_target(Expansion& expansion,
                                 const Url& url,
                                 const std::string& written,
                                 const PodId& from);

/// The target that a port of a service makes.
Target service_target(const World& world, const Service& service, const ServicePort& port, By by);
/// How the service's port is served: as its first endpoint that serves it does.
std::optional<Serve> serve_of(const World& world,
                              const Service& service,
                              Port port,
                              Protocol protocol);

/// "80/TCP".
std::string port_text(Port port, Protocol protocol);
/// In quotes, and safe to show.
std::string quoted(std::string_view text);
/// "web.default".
std::string host_of(const Service& service);
/// "80/TCP, 81/UDP": every port of `objects` (pods or services), each once.
std::string served_text(const std::vector<Pod>& objects);
std::string served_text(const std::vector<Service>& objects);

template <typename Object>
std::vector<std::string> names_of(const std::vector<Object>& objects) {
  std::vector<std::string> names;
  for (const auto& object : objects) {
    names.push_back(to_string(object.id));
  }
  return names;
}

/// The objects whose "ns/name" fits; system ones only without a glob.
template <typename Object>
std::vector<Object> fitting(const std::vector<Object>& objects, std::string_view pattern) {
  std::vector<Object> found;
  for (const auto& object : objects) {
    const bool named = !object.system || !is_glob(pattern);
    if (named && matches_id(pattern, object.id.namespace_name, object.id.name)) {
      found.push_back(object);
    }
  }
  return found;
}

}  // namespace nettest
