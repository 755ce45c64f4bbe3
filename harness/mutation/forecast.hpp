// What would be seen of a probe under given rulesets: the path of its packets through the nodes,
// without a kernel. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/mutation/ruleset.hpp"
#include "probes/probe.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A world at one moment, with the rulesets of its nodes.
class Forecast {
 public:
  /// `state` and `addresses` outlive the forecast.
  Forecast(const ClusterState& state,
           const AddressBook& addresses,
           const std::map<std::string, NftProgram>& programs);

  /// Says whether the probe connects: on every endpoint that it may come to.
  [[nodiscard]] bool connects(const Probe& probe) const;

 private:
  struct Flow {
    PodId from;
    PodId to;
    IpFamily family = IpFamily::ipv4;
    Protocol protocol = Protocol::tcp;
    Port port = 0;
    /// The service's address and port, where one was asked for.
    std::optional<IpAddress> asked_address;
    Port asked_port = 0;
  };

  [[nodiscard]] std::vector<Flow> flows_of(const Probe& probe) const;
  [[nodiscard]] std::vector<Flow> service_flows(const Probe& probe, const Service& service) const;
  [[nodiscard]] bool resolves(const PodId& from) const;
  [[nodiscard]] bool passes(const Flow& flow) const;
  [[nodiscard]] bool passes_one_way(const Flow& flow, bool reply) const;
  [[nodiscard]] const Ruleset& ruleset(const std::string& node) const { return rules_.at(node); }

  // NOLINTNEXTLINE(cppcoreguidelines-avoid-const-or-ref-data-members): outlived by what it is of.
  const ClusterState& state_;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-const-or-ref-data-members)
  const AddressBook& addresses_;
  std::map<std::string, Ruleset> rules_;
};

}  // namespace nettest
