#include "harness/mutation/all_probes.hpp"

namespace nettest {

std::vector<Probe> all_probes(const World& world) {
  std::vector<Probe> probes;
  for (const By by : {By::pod_ip, By::service_ip}) {
    for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
      for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
        const MatrixSpec spec{{}, {protocol}, {by}, {family}};
        // A world without services, or ports of the protocol, has none of these.
        if (auto more = expand_probes({{spec, {}}}, world)) {
          probes.insert(probes.end(), more->begin(), more->end());
        }
      }
    }
  }
  return probes;
}

}  // namespace nettest
