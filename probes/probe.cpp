#include "probes/probe.hpp"

namespace nettest {

std::string destination_text(const Probe& probe) {
  if (probe.by == By::url) {
    return probe.url;
  }
  return std::visit([](const auto& id) { return to_string(id); }, probe.to);
}

std::string to_string(const Probe& probe) {
  std::string text = to_string(probe.from) + " -> " + destination_text(probe);
  if (probe.by != By::url) {
    text += ":" + std::to_string(probe.port) + "/" + std::string(to_string(probe.protocol));
  }
  if (probe.by == By::service_ip || probe.by == By::service_name) {
    text += " by " + std::string(to_string(probe.by));
  }
  if (probe.family == IpFamily::ipv6) {
    text += " IPv6";
  }
  if (probe.client == Client::wget) {
    text += " with wget";
  }
  return text;
}

}  // namespace nettest
