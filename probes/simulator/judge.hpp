// Judges whole probes: names, services and their pods, then the policies
// between pods. No words yet; simulator.cpp puts them. Pure.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "probes/probe.hpp"
#include "probes/simulator/decision.hpp"

namespace nettest {

/// What happened besides policies.
enum class Circumstance {
  none,
  no_source,
  no_destination,
  no_address,
  itself,
  no_service_family,
  no_service_port,
  no_endpoint,
  hairpin,
  backends_differ,
  name_unresolved,
  name_undefined
};

/// A verdict with what decided it.
struct Judged {
  Verdict verdict = Verdict::allowed;
  Reason reason = Reason::open;
  Circumstance circumstance = Circumstance::none;
  /// The connection whose ends decided: of the first blocked, else the first
  /// backend; of the DNS query for name_*.
  std::optional<Connection> connection;
  FlowOutcome outcome;
};

/// A service and the pods that it selects.
struct ServiceEntry {
  const Service* service = nullptr;
  std::vector<PodIndex> pods;
};

/// Judges probes of one state. All arguments must outlive it.
class Judge {
 public:
  Judge(const CompiledPolicies& compiled, const ClusterState& state, const AddressBook& addresses);

  [[nodiscard]] Judged judge(const Probe& probe) const;
  /// One connection through a service or directly, to one pod.
  [[nodiscard]] Judged judge(const Connection& connection, bool by_service) const;
  /// Every way that a connection to a service can go, in world order.
  [[nodiscard]] std::vector<Connection> ways(PodIndex from,
                                             const ServiceEntry& entry,
                                             const Flow& asked) const;
  [[nodiscard]] const ServiceEntry* find(const ServiceId& id) const;
  /// Says whether the client has to resolve a name first.
  [[nodiscard]] static bool needs_dns(const Probe& probe);

 private:
  [[nodiscard]] Judged judge_pod(PodIndex from, const PodId& to, const Flow& flow) const;
  [[nodiscard]] Judged judge_service(PodIndex from, const ServiceId& id, const Flow& flow) const;
  [[nodiscard]] Judged judge_dns(PodIndex from) const;
  [[nodiscard]] bool lacks_address(PodIndex pod, IpFamily family) const;

  const CompiledPolicies& compiled_;
  const ClusterState& state_;
  const AddressBook& addresses_;
  Decider decider_;
  std::map<ServiceId, ServiceEntry> services_;
};

}  // namespace nettest
