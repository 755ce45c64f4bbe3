#include "probes/connectivity/difference.hpp"

#include <algorithm>

namespace nettest {

namespace {

std::vector<DiffEndpoint> merged(const std::vector<Endpoint>& before,
                                 const std::vector<Endpoint>& after) {
  std::vector<DiffEndpoint> all;
  std::size_t b = 0;
  std::size_t a = 0;
  while (b < before.size() || a < after.size()) {
    const bool take_before =
        a == after.size() || (b < before.size() && before[b].name <= after[a].name);
    const bool take_after =
        b == before.size() || (a < after.size() && after[a].name <= before[b].name);
    DiffEndpoint& endpoint = all.emplace_back();
    endpoint.name = take_before ? before[b].name : after[a].name;
    endpoint.before = take_before ? static_cast<EndpointIndex>(b++) : kNobody;
    endpoint.after = take_after ? static_cast<EndpointIndex>(a++) : kNobody;
  }
  return all;
}

std::map<PolicyId, PolicyFate> fates(const std::vector<NetworkPolicy>& before,
                                     const std::vector<NetworkPolicy>& after) {
  std::map<PolicyId, PolicyFate> fates;
  std::map<PolicyId, const NetworkPolicy*> old;
  for (const NetworkPolicy& policy : before) {
    old.emplace(policy.id, &policy);
    fates.emplace(policy.id, PolicyFate::removed);
  }
  for (const NetworkPolicy& policy : after) {
    const auto found = old.find(policy.id);
    fates[policy.id] = found == old.end()                    ? PolicyFate::added
                       : same_policy(*found->second, policy) ? PolicyFate::unchanged
                                                             : PolicyFate::changed;
  }
  return fates;
}

PairChange change_of(const ConnectionSet& before, const ConnectionSet& after) {
  if (before.empty() || after.empty()) {
    return before.empty() ? PairChange::allowed : PairChange::blocked;
  }
  if (after.without(before).empty()) {
    return PairChange::narrowed;
  }
  return before.without(after).empty() ? PairChange::widened : PairChange::changed;
}

/// One state's reading of an end, and whether the pair exists in it.
struct Seen {
  const DiffSide& side;
  bool exists = false;
  EndReading reading;
};

Seen see(const DiffSide& side, Direction direction, EndpointIndex from, EndpointIndex to) {
  if (from == kNobody || to == kNobody) {
    return {side, false, {}};
  }
  return {side, true, side.connectivity.read_end(direction, from, to)};
}

struct Effects {
  PolicyEffect of_rules;
  PolicyEffect of_isolation;
};

using Blame = std::function<void(const NetworkPolicy&, PolicyEffect)>;

/// Blames policies for `part`, which passes in `open`, where this end keeps it from passing in
/// `shut`.
void explain(const ConnectionSet& part,
             const Seen& open,
             const Seen& shut,
             Effects effects,
             const Blame& blame) {
  const ConnectionTable& table = open.side.connectivity.table();
  const ConnectionSet own = shut.exists ? part.without(table.get(shut.reading.allowed)) : part;
  if (own.empty()) {
    return;
  }
  if (open.reading.open) {
    for (const std::uint32_t policy : shut.reading.isolating) {
      blame(shut.side.policies[policy], effects.of_isolation);
    }
    return;
  }
  for (const EndReading::Share& share : open.reading.shares) {
    if (!table.get(share.connections).intersected(own).empty()) {
      blame(open.side.policies[share.policy], effects.of_rules);
    }
  }
}

/// The row of a source in one state, with places among the endpoints of both.
void read_row(const Connectivity& side,
              EndpointIndex source,
              const std::vector<EndpointIndex>& places,
              std::vector<RowEntry>& row) {
  row.clear();
  if (source == kNobody) {
    return;
  }
  side.row(source, row);
  for (RowEntry& entry : row) {
    entry.destination = places[entry.destination];
  }
}

/// For each endpoint of one state its place among those of both.
std::vector<EndpointIndex> places_of(const std::vector<DiffEndpoint>& endpoints,
                                     EndpointIndex DiffEndpoint::*side) {
  std::vector<EndpointIndex> places;
  for (EndpointIndex i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].*side != kNobody) {
      places.push_back(i);
    }
  }
  return places;
}

/// Calls `visit(destination, before, after)` where two rows differ.
template <typename Visit>
void compare(const std::vector<RowEntry>& before, const std::vector<RowEntry>& after, Visit visit) {
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    const std::uint32_t at = std::min(old == before.end() ? kNobody : old->destination,
                                      now == after.end() ? kNobody : now->destination);
    ConnectionId had = ConnectionTable::kNone;
    ConnectionId has = ConnectionTable::kNone;
    if (old != before.end() && old->destination == at) {
      had = (old++)->connections;
    }
    if (now != after.end() && now->destination == at) {
      has = (now++)->connections;
    }
    if (had != has) {
      visit(at, had, has);
    }
  }
}

}  // namespace

std::string_view to_string(PairChange change) {
  constexpr std::string_view kWords[] = {"allowed", "blocked", "widened", "narrowed", "changed"};
  return kWords[static_cast<std::size_t>(change)];
}

std::string_view to_string(PolicyFate fate) {
  constexpr std::string_view kWords[] = {"added", "removed", "changed", "unchanged"};
  return kWords[static_cast<std::size_t>(fate)];
}

std::string_view to_string(PolicyEffect effect) {
  constexpr std::string_view kWords[] = {
      "lets it through now", "let it through", "isolates it now", "isolated it"};
  return kWords[static_cast<std::size_t>(effect)];
}

ConnectivityDiff::ConnectivityDiff(DiffSide before, DiffSide after)
    : before_(before),
      after_(after),
      endpoints_(merged(before.connectivity.endpoints(), after.connectivity.endpoints())),
      fates_(fates(before.policies, after.policies)) {}

void ConnectivityDiff::each(const std::function<void(const ChangedPair&)>& visit) const {
  const auto places_before = places_of(endpoints_, &DiffEndpoint::before);
  const auto places_after = places_of(endpoints_, &DiffEndpoint::after);
  std::vector<RowEntry> before;
  std::vector<RowEntry> after;
  for (const DiffEndpoint& source : endpoints_) {
    read_row(before_.connectivity, source.before, places_before, before);
    read_row(after_.connectivity, source.after, places_after, after);
    compare(before, after, [&](std::uint32_t at, ConnectionId had, ConnectionId has) {
      const PairChange change = change_of(table().get(had), table().get(has));
      visit({&source, &endpoints_[at], had, has, change});
    });
  }
}

void ConnectivityDiff::add_causes(const ChangedPair& pair,
                                  Direction direction,
                                  std::vector<DiffCause>& causes) const {
  const Seen old = see(before_, direction, pair.source->before, pair.destination->before);
  const Seen now = see(after_, direction, pair.source->after, pair.destination->after);
  const ConnectionTable& table = before_.connectivity.table();
  const ConnectionSet& had = table.get(pair.before);
  const ConnectionSet& has = table.get(pair.after);
  const auto blame = [&](const NetworkPolicy& policy, PolicyEffect effect) {
    causes.push_back({direction, policy.id, fates_.at(policy.id), effect});
  };
  explain(has.without(had), now, old, {PolicyEffect::lets_in, PolicyEffect::isolated}, blame);
  explain(had.without(has), old, now, {PolicyEffect::let_in, PolicyEffect::isolates}, blame);
}

std::vector<DiffCause> ConnectivityDiff::causes(const ChangedPair& pair) const {
  std::vector<DiffCause> causes;
  for (const Direction direction : {Direction::egress, Direction::ingress}) {
    add_causes(pair, direction, causes);
  }
  std::sort(causes.begin(), causes.end());
  causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
  return causes;
}

DiffTally ConnectivityDiff::policies() const {
  DiffTally tally;
  for (const auto& [id, fate] : fates_) {
    tally.added += fate == PolicyFate::added ? 1U : 0U;
    tally.removed += fate == PolicyFate::removed ? 1U : 0U;
    tally.changed += fate == PolicyFate::changed ? 1U : 0U;
  }
  return tally;
}

DiffTally ConnectivityDiff::workloads() const {
  DiffTally tally;
  for (const DiffEndpoint& endpoint : endpoints_) {
    tally.added += endpoint.before == kNobody ? 1U : 0U;
    tally.removed += endpoint.after == kNobody ? 1U : 0U;
  }
  return tally;
}

}  // namespace nettest
