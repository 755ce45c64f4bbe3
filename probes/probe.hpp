// What is asked: a probe, and the matrix of probes of a step. Pure.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// One question: can `from` open `protocol` `port` at the destination?
struct Probe {
  PodId from;
  /// The pod or the service that is asked for. By::pod_ip has a pod; the others
  /// a service.
  std::variant<PodId, ServiceId> to;
  By by = By::pod_ip;
  /// The port as dialled: the service's own port for services.
  Port port = 0;
  Protocol protocol = Protocol::tcp;
  IpFamily family = IpFamily::ipv4;
  Client client = Client::agent;
  Serve serve = Serve::plain;
  /// The host of By::service_name and By::url as the client is given it
  /// ("web.default"), else empty.
  std::string host;
  /// The URL as written, for By::url.
  std::string url;

  bool operator==(const Probe&) const = default;
  auto operator<=>(const Probe&) const = default;
};

/// The destination in words: "default/web", or the URL as written.
std::string destination_text(const Probe& probe);
/// "x/a -> y/b:80/TCP", with "by service-ip", "IPv6" and "with wget" where they
/// are not the default.
std::string to_string(const Probe& probe);

/// Expands the specs for the world as it stands: every ordered pair of pods ×
/// served ports for a matrix, globs for pairs. Order: as the specs stand, then
/// sources, destinations, ports in world order. No probe twice. System pods
/// only when a glob without `*` names them. Fails (kind suite, with place) on a
/// port nobody serves, a pod or service that does not exist.
Checked<std::vector<Probe>> expand_probes(const std::vector<ProbeSpec>& specs, const World& world);

/// Says whether a written expectation speaks of this probe.
bool matches(const Expectation& expectation, const Probe& probe);

}  // namespace nettest
