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
  /// The pod or the service that is asked for. By::pod_ip has a pod,
  /// By::service_* a service, By::url what its host stands for.
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
  /// The URL as the client is given it, for By::url: as written, with
  /// placeholders filled.
  std::string url;

  bool operator==(const Probe&) const = default;
  auto operator<=>(const Probe&) const = default;
};

/// The destination in words: "default/web", or the URL as written.
std::string destination_text(const Probe& probe);
/// "x/a -> y/b:80/TCP", with "by service-ip", "IPv6" and "with wget" where they
/// are not the default.
std::string to_string(const Probe& probe);

/// What expand_probes may look at beside the world of the moment.
struct ExpandContext {
  /// Everything that exists at some time of the suite (null: the world itself).
  /// What is named and in here, but not in the world now, asks nothing; what is
  /// in neither is an error.
  const World* ever = nullptr;
  /// For URLs with $(ip …) or an address in them.
  const AddressBook* addresses = nullptr;
};

/// Expands the specs for the world as it stands: every ordered pair of pods
/// (own pairs too) × served ports for a matrix, globs for pairs. Order: as the
/// specs stand, then sources, destinations, ports in world order. No probe
/// twice. System pods and services only when a name without glob names them.
/// Fails (kind suite, with place) on a name that never exists, a glob that
/// never fits, a port nobody serves, a URL that is none of the world's services
/// or pods, and wget asking what is not HTTP over TCP.
Checked<std::vector<Probe>> expand_probes(const std::vector<ProbeSpec>& specs,
                                          const World& world,
                                          const ExpandContext& context = {});

/// Says whether a written expectation speaks of this probe. A pod or service
/// glob fits by name however the destination is asked for ("default/web:80"
/// fits a probe of http://web.default); "svc:" in front fits services only. A
/// URL fits probes of the same URL.
bool matches(const Expectation& expectation, const Probe& probe);

}  // namespace nettest
