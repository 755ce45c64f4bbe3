// A suite as read from its file: world, probes, cases with their steps and
// expectations. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

/// How a destination is named by the asking client.
enum class By { pod_ip, service_ip, service_name, url };

/// Says "pod-ip", "service-ip", "service-name" or "url".
std::string_view to_string(By by);

/// Who asks: nettest's agent, or `wget` run in the pod as a person would.
enum class Client { agent, wget };

std::string_view to_string(Client client);

/// "Every ordered pair of pods × every served port", narrowed. Empty lists do
/// not narrow; `by` and `families` default to pod-ip and IPv4.
struct MatrixSpec {
  std::vector<Port> ports;
  std::vector<Protocol> protocols;
  std::vector<By> by = {By::pod_ip};
  std::vector<IpFamily> families = {IpFamily::ipv4};
};

/// One entry of `probes`: `{from: GLOB, to: DESTINATION, client: …}`. `to` is a
/// URL ("http://web.default:8080/"), a pod or pod glob with port and protocol
/// ("default/web:80", "x/*:81/UDP"), or "svc:default/web:80" with `by`.
struct PairSpec {
  std::string from;
  std::string to;
  Client client = Client::agent;
  std::optional<By> by;
  std::vector<IpFamily> families = {IpFamily::ipv4};
};

struct ProbeSpec {
  std::variant<MatrixSpec, PairSpec> what;
  Location where;
};

/// One written expectation, `{allow: "FROM -> TO"}`. FROM is a pod glob. TO is
/// `*`, a pod or service glob with optional
/// `:port` and `/PROTOCOL`, or a URL. The last rule that fits a probe wins.
struct Expectation {
  bool allow = true;
  std::string from;
  std::string to;
  std::optional<Port> port;
  std::optional<Protocol> protocol;
  std::string written;
  Location where;
};

struct Step {
  std::string name;
  std::string description;
  std::vector<Change> changes;
  /// Present when the step brings its own probes.
  std::optional<std::vector<ProbeSpec>> probes;
  std::vector<Expectation> expect;
  Location where;
};

/// What a case needs from the place where it runs: SCTP, IPv6, two nodes, services.
enum class Need { sctp, ipv6, two_nodes, services };

/// Says "sctp", "ipv6", "two-nodes" or "services".
std::string_view to_string(Need need);

/// All needs, in order.
inline constexpr std::array kNeeds = {Need::sctp, Need::ipv6, Need::two_nodes, Need::services};

/// An independent experiment that starts from the bare world.
struct Case {
  std::string name;
  std::string description;
  std::vector<std::string> tags;
  std::vector<Need> needs;
  /// Codes of the bug classes (suites/bug_class.hpp) that the case is there to detect.
  std::vector<std::string> detects;
  std::vector<Step> steps;
  Location where;
};

struct Suite {
  std::string name;
  std::string description;
  std::string file;
  World world;
  std::vector<ProbeSpec> probes;
  std::vector<Case> cases;
  /// Things that are no error and that the user should know (an ignored `ips`,
  /// a kind that was passed over).
  std::vector<Error> warnings;
};

}  // namespace nettest
