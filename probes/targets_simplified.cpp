#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "probes/connectivity/port_set.hpp"
#include "probes/targets.hpp"

namespace nettest {

namespace {

constexpr std::array kProtocols = {Protocol::sctp, Protocol::tcp, Protocol::udp};

/// What some port entries cover together.
class Ports {
 public:
  /// No entry: every port.
  void add(const std::vector<PolicyPort>& entries) {
    for (const Protocol protocol : kProtocols) {
      if (entries.empty()) {
        numbers(protocol) = PortSet::all();
      }
    }
    for (const PolicyPort& entry : entries) {
      if (const auto* name = std::get_if<std::string>(&entry.port)) {
        names_.emplace(entry.protocol, *name);
        continue;
      }
      const auto* first = std::get_if<Port>(&entry.port);
      PortSet& own = numbers(entry.protocol);
      own = first == nullptr
                ? PortSet::all()
                : own.united(PortSet(PortRange{*first, entry.end_port.value_or(*first)}));
    }
  }

  [[nodiscard]] bool covers(const Ports& other) const {
    const bool numbers_too =
        std::all_of(kProtocols.begin(), kProtocols.end(), [&](Protocol protocol) {
          return other.numbers(protocol).without(numbers(protocol)).empty();
        });
    return numbers_too &&
           std::all_of(other.names_.begin(), other.names_.end(), [&](const auto& name) {
             return numbers(name.first).full() || names_.contains(name);
           });
  }

  /// The entries in order; none where everything is covered.
  [[nodiscard]] std::vector<PolicyPort> entries() const {
    std::vector<PolicyPort> entries;
    const bool everything =
        std::all_of(kProtocols.begin(), kProtocols.end(), [&](Protocol protocol) {
          return numbers(protocol).full();
        });
    for (const Protocol protocol : kProtocols) {
      if (!everything) {
        add_entries(protocol, entries);
      }
    }
    return entries;
  }

 private:
  [[nodiscard]] const PortSet& numbers(Protocol protocol) const {
    return numbers_.at(static_cast<std::size_t>(protocol));
  }
  PortSet& numbers(Protocol protocol) { return numbers_.at(static_cast<std::size_t>(protocol)); }

  void add_entries(Protocol protocol, std::vector<PolicyPort>& entries) const {
    if (numbers(protocol).full()) {
      entries.push_back({protocol, {}, {}, {}});
      return;
    }
    for (const PortRange& range : numbers(protocol).ranges()) {
      const auto end = range.first == range.last ? std::nullopt : std::optional(range.last);
      entries.push_back({protocol, range.first, end, {}});
    }
    for (const auto& [of, name] : names_) {
      if (of == protocol) {
        entries.push_back({protocol, name, {}, {}});
      }
    }
  }

  std::array<PortSet, 3> numbers_;
  std::set<std::pair<Protocol, std::string>> names_;
};

/// A peer with everything that may pass to or from it.
struct Admission {
  std::optional<PolicyPeer> peer;
  Ports ports;
};

/// Says whether everybody whom `narrow` selects is surely selected by `wide`: it selects
/// everything, or says the same.
bool covers(const LabelSelector& wide, const LabelSelector& narrow) {
  return wide.empty() || canonical(wide) == canonical(narrow);
}

bool covers(const IpBlock& wide, const IpBlock& narrow) {
  return wide == narrow || (wide.except.empty() && wide.cidr.cidr && narrow.cidr.cidr &&
                            wide.cidr.cidr->contains(*narrow.cidr.cidr));
}

bool covers(const std::optional<PolicyPeer>& wide, const std::optional<PolicyPeer>& narrow) {
  if (!wide || !narrow) {
    return !wide;
  }
  if (wide->ip_block || narrow->ip_block) {
    return wide->ip_block && narrow->ip_block && covers(*wide->ip_block, *narrow->ip_block);
  }
  // No namespaceSelector: the namespace of the policy, which only "all" and itself surely cover.
  const auto& own = narrow->namespace_selector;
  const bool namespaces =
      wide->namespace_selector
          ? wide->namespace_selector->empty() || (own && covers(*wide->namespace_selector, *own))
          : !own;
  return namespaces && covers(wide->pod_selector.value_or(LabelSelector{}),
                              narrow->pod_selector.value_or(LabelSelector{}));
}

std::vector<Admission> joined(const std::vector<PeerRule>& rules) {
  std::vector<Admission> joined;
  for (const PeerRule& rule : rules) {
    auto known = std::find_if(joined.begin(), joined.end(), [&](const Admission& admission) {
      return covers(admission.peer, rule.peer) && covers(rule.peer, admission.peer);
    });
    if (known == joined.end()) {
      known = joined.insert(joined.end(), {rule.peer, {}});
    }
    known->ports.add(rule.ports);
  }
  return joined;
}

std::vector<PeerRule> simplified(const std::vector<PeerRule>& rules) {
  const std::vector<Admission> all = joined(rules);
  std::vector<PeerRule> kept;
  for (const Admission& one : all) {
    // Peers of `joined` never cover each other mutually, so no two remove each other.
    const bool needless = std::any_of(all.begin(), all.end(), [&](const Admission& other) {
      return &other != &one && covers(other.peer, one.peer) && other.ports.covers(one.ports);
    });
    if (!needless) {
      kept.push_back({one.peer, one.ports.entries()});
    }
  }
  std::stable_sort(kept.begin(), kept.end(), [](const PeerRule& a, const PeerRule& b) {
    return !a.peer && b.peer;
  });
  return kept;
}

}  // namespace

std::vector<PolicyTarget> simplified(std::vector<PolicyTarget> targets) {
  for (PolicyTarget& target : targets) {
    target.rules = simplified(target.rules);
  }
  return targets;
}

}  // namespace nettest
