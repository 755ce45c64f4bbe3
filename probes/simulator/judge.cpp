#include "probes/simulator/judge.hpp"

#include <algorithm>
#include <unordered_map>

#include "probes/endpoints.hpp"

namespace nettest {

namespace {

constexpr Port kDnsPort = 53;

Judged blocked(Circumstance circumstance) {
  Judged judged;
  judged.verdict = Verdict::blocked;
  judged.reason = Reason::no_endpoint;
  judged.circumstance = circumstance;
  return judged;
}

Reason reason_of(const FlowOutcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::blocked:
      return Reason::no_rule;
    case Verdict::either:
      return Reason::undefined;
    case Verdict::allowed:
      break;
  }
  const bool by_rule = outcome.egress.admitted_by || outcome.ingress.admitted_by;
  return by_rule ? Reason::rule : Reason::open;
}

/// One verdict for connections that may go any of several ways.
Judged merge(const std::vector<Judged>& ways) {
  const auto blocked_way = std::find_if(
      ways.begin(), ways.end(), [](const Judged& j) { return j.verdict == Verdict::blocked; });
  Judged merged = blocked_way == ways.end() ? ways.front() : *blocked_way;
  const bool agree = std::all_of(
      ways.begin(), ways.end(), [&](const Judged& way) { return way.verdict == merged.verdict; });
  if (!agree) {
    merged.verdict = Verdict::either;
    merged.reason = Reason::undefined;
    merged.circumstance = Circumstance::backends_differ;
  }
  return merged;
}

}  // namespace

Judge::Judge(const CompiledPolicies& compiled,
             const ClusterState& state,
             const AddressBook& addresses)
    : compiled_(compiled),
      state_(state),
      addresses_(addresses),
      decider_(compiled, state.world, addresses) {
  std::unordered_map<std::string, std::vector<PodIndex>> pods_of;
  for (PodIndex pod = 0; pod < state.world.pods.size(); ++pod) {
    pods_of[state.world.pods[pod].id.namespace_name].push_back(pod);
  }
  for (const auto& service : state.world.services) {
    ServiceEntry entry{&service, {}};
    if (!service.selector.empty()) {
      const auto& candidates = pods_of[service.id.namespace_name];
      std::copy_if(
          candidates.begin(), candidates.end(), std::back_inserter(entry.pods), [&](PodIndex pod) {
            return selects(service.selector, state.world.pods[pod].labels);
          });
    }
    services_.emplace(service.id, std::move(entry));
  }
}

bool Judge::needs_dns(const Probe& probe) {
  if (probe.by == By::service_name) {
    return true;
  }
  return probe.by == By::url && std::holds_alternative<ServiceId>(probe.to) &&
         !probe.host.starts_with("$(") && !IpAddress::parse(probe.host);
}

const ServiceEntry* Judge::find(const ServiceId& id) const {
  const auto found = services_.find(id);
  return found == services_.end() ? nullptr : &found->second;
}

/// A pod that the book does not know has unknown addresses, not none.
bool Judge::lacks_address(PodIndex pod, IpFamily family) const {
  const auto found = addresses_.pods.find(state_.world.pods[pod].id);
  return found != addresses_.pods.end() && !address_of(found->second, family);
}

Judged Judge::judge(const Connection& connection, bool by_service) const {
  Judged judged;
  if (connection.from == connection.to) {
    judged.circumstance = by_service ? Circumstance::hairpin : Circumstance::itself;
    if (by_service) {
      judged.verdict = Verdict::either;
      judged.reason = Reason::undefined;
      judged.connection = connection;
    }
    return judged;
  }
  judged.connection = connection;
  judged.outcome = decider_.decide(connection);
  judged.verdict = judged.outcome.verdict;
  judged.reason = reason_of(judged.outcome);
  return judged;
}

Judged Judge::judge_pod(PodIndex from, const PodId& to, const Flow& flow) const {
  const auto pod = compiled_.groups().find(to);
  if (!pod) {
    return blocked(Circumstance::no_destination);
  }
  if (lacks_address(from, flow.family) || lacks_address(*pod, flow.family)) {
    return blocked(Circumstance::no_address);
  }
  return judge({from, *pod, flow, {}}, false);
}

std::vector<Connection> Judge::ways(PodIndex from,
                                    const ServiceEntry& entry,
                                    const Flow& asked) const {
  std::vector<Connection> found;
  const Service& service = *entry.service;
  const auto* const port = find_port(service, asked.port, asked.protocol);
  std::optional<Dialled> dialled;
  const auto own = addresses_.services.find(service.id);
  if (!service.headless && own != addresses_.services.end()) {
    if (const auto address = address_of(own->second, asked.family)) {
      dialled = Dialled{*address, asked.port};
    }
  }
  for (const PodIndex pod : entry.pods) {
    const auto target = target_port(service, port, state_.world.pods[pod], asked.port);
    if (target && !lacks_address(pod, asked.family)) {
      found.push_back({from, pod, {asked.protocol, *target, asked.family}, dialled});
    }
  }
  return found;
}

Judged Judge::judge_service(PodIndex from, const ServiceId& id, const Flow& flow) const {
  const auto* const entry = find(id);
  if (entry == nullptr) {
    return blocked(Circumstance::no_destination);
  }
  const Service& service = *entry->service;
  if (std::find(service.families.begin(), service.families.end(), flow.family) ==
      service.families.end()) {
    return blocked(Circumstance::no_service_family);
  }
  if (!service.headless && find_port(service, flow.port, flow.protocol) == nullptr) {
    return blocked(Circumstance::no_service_port);
  }
  if (lacks_address(from, flow.family)) {
    return blocked(Circumstance::no_address);
  }
  std::vector<Judged> judged;
  for (const auto& way : ways(from, *entry, flow)) {
    judged.push_back(judge(way, true));
  }
  return judged.empty() ? blocked(Circumstance::no_endpoint) : merge(judged);
}

/// The resolver asks again until somebody answers, so one DNS pod within reach
/// is enough.
Judged Judge::judge_dns(PodIndex from) const {
  const auto* const entry = find({kSystemNamespace, kDnsName});
  if (entry == nullptr || entry->service->families.empty()) {
    return {};
  }
  const Flow query{Protocol::udp, kDnsPort, entry->service->families.front()};
  std::vector<Judged> judged;
  for (const auto& way : ways(from, *entry, query)) {
    judged.push_back(judge(way, true));
  }
  for (const auto wanted : {Verdict::allowed, Verdict::either, Verdict::blocked}) {
    for (const auto& way : judged) {
      if (way.verdict == wanted) {
        return way;
      }
    }
  }
  return blocked(Circumstance::no_endpoint);
}

Judged Judge::judge(const Probe& probe) const {
  const auto from = compiled_.groups().find(probe.from);
  if (!from) {
    return blocked(Circumstance::no_source);
  }
  Judged dns;
  if (needs_dns(probe)) {
    dns = judge_dns(*from);
  }
  if (dns.verdict == Verdict::blocked) {
    dns.reason = Reason::dns;
    dns.circumstance = Circumstance::name_unresolved;
    return dns;
  }
  const Flow flow{probe.protocol, probe.port, probe.family};
  const auto* const pod = std::get_if<PodId>(&probe.to);
  const Judged judged = pod != nullptr ? judge_pod(*from, *pod, flow)
                                       : judge_service(*from, std::get<ServiceId>(probe.to), flow);
  if (dns.verdict == Verdict::either && judged.verdict == Verdict::allowed) {
    dns.circumstance = Circumstance::name_undefined;
    return dns;
  }
  return judged;
}

}  // namespace nettest
