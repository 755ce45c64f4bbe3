#include "probes/lint/implication.hpp"

#include <algorithm>

#include "probes/connectivity/connection_set.hpp"
#include "probes/lint/address_ranges.hpp"
#include "probes/lint/label_words.hpp"
#include "probes/simulator/selectors.hpp"

namespace nettest {

namespace {

constexpr const char* kMetadataName = "kubernetes.io/metadata.name";

bool contains_all(const std::vector<std::string>& whole, const std::vector<std::string>& part) {
  return std::all_of(part.begin(), part.end(), [&](const std::string& value) {
    return std::find(whole.begin(), whole.end(), value) != whole.end();
  });
}

bool contains_none(const std::vector<std::string>& whole, const std::vector<std::string>& part) {
  return std::none_of(part.begin(), part.end(), [&](const std::string& value) {
    return std::find(whole.begin(), whole.end(), value) != whole.end();
  });
}

bool implies(const SelectorRequirement& narrow, const SelectorRequirement& wide) {
  if (narrow.key != wide.key) {
    return false;
  }
  using Op = SelectorOperator;
  switch (wide.op) {
    case Op::in:
      return narrow.op == Op::in && contains_all(wide.values, narrow.values);
    case Op::not_in:
      return narrow.op == Op::does_not_exist ||
             (narrow.op == Op::in && contains_none(wide.values, narrow.values)) ||
             (narrow.op == Op::not_in && contains_all(narrow.values, wide.values));
    case Op::exists:
      return narrow.op == Op::in || narrow.op == Op::exists;
    case Op::does_not_exist:
      return narrow.op == Op::does_not_exist;
  }
  return false;
}

/// Whether the selector holds for a namespace of which only the name is certain.
bool selects_by_name(const LabelSelector& selector, const std::string& name) {
  const auto requirements = requirements_of(selector);
  const bool by_name = std::all_of(requirements.begin(), requirements.end(), [](const auto& asked) {
    return asked.key == kMetadataName;
  });
  return by_name && selects(selector, {{kMetadataName, name}});
}

bool namespaces_imply(const PolicyPeer& narrow, const PolicyPeer& wide, const std::string& own) {
  if (!wide.namespace_selector) {
    return !narrow.namespace_selector;
  }
  return narrow.namespace_selector ? implies(*narrow.namespace_selector, *wide.namespace_selector)
                                   : selects_by_name(*wide.namespace_selector, own);
}

bool selectors_imply(const PolicyPeer& narrow, const PolicyPeer& wide, const std::string& own) {
  const LabelSelector everybody;
  return !wide.ip_block && namespaces_imply(narrow, wide, own) &&
         implies(narrow.pod_selector.value_or(everybody), wide.pod_selector.value_or(everybody));
}

bool peers_imply(const PolicyRule& narrow, const PolicyRule& wide, const std::string& own) {
  if (wide.peers.empty() || narrow.peers.empty()) {
    return wide.peers.empty();
  }
  std::vector<const IpBlock*> blocks;
  for (const PolicyPeer& peer : wide.peers) {
    if (peer.ip_block) {
      blocks.push_back(&*peer.ip_block);
    }
  }
  const auto whole = ranges_of(blocks);
  return std::all_of(narrow.peers.begin(), narrow.peers.end(), [&](const PolicyPeer& peer) {
    if (peer.ip_block) {
      const auto part = ranges_of(*peer.ip_block);
      return !part.empty() && contains(whole, part);
    }
    return std::any_of(wide.peers.begin(), wide.peers.end(), [&](const PolicyPeer& other) {
      return selectors_imply(peer, other, own);
    });
  });
}

ConnectionSet numbers_of(const PolicyRule& rule) {
  ConnectionSet numbers;
  for (const PolicyPort& port : rule.ports) {
    const auto* first = std::get_if<Port>(&port.port);
    if (first != nullptr) {
      numbers = numbers.united({port.protocol, PortSet({*first, port.end_port.value_or(*first)})});
    } else if (std::holds_alternative<std::monostate>(port.port)) {
      numbers = numbers.united({port.protocol, PortSet::all()});
    }
  }
  return numbers;
}

bool ports_imply(const PolicyRule& narrow, const PolicyRule& wide) {
  if (wide.ports.empty() || narrow.ports.empty()) {
    return wide.ports.empty();
  }
  const ConnectionSet numbers = numbers_of(wide);
  const bool names = std::all_of(narrow.ports.begin(), narrow.ports.end(), [&](const auto& port) {
    return !std::holds_alternative<std::string>(port.port) || numbers.ports(port.protocol).full() ||
           std::any_of(wide.ports.begin(), wide.ports.end(), [&](const PolicyPort& other) {
             return other.protocol == port.protocol && other.port == port.port;
           });
  });
  return names && numbers_of(narrow).without(numbers).empty();
}

}  // namespace

bool implies(const LabelSelector& narrow, const LabelSelector& wide) {
  if (wide.empty()) {
    return true;
  }
  const auto given = requirements_of(narrow);
  const auto wanted = requirements_of(wide);
  return std::all_of(wanted.begin(), wanted.end(), [&](const SelectorRequirement& requirement) {
    return std::any_of(given.begin(), given.end(), [&](const SelectorRequirement& known) {
      return implies(known, requirement);
    });
  });
}

bool implies(const PolicyRule& narrow, const PolicyRule& wide, const std::string& own_namespace) {
  return ports_imply(narrow, wide) && peers_imply(narrow, wide, own_namespace);
}

}  // namespace nettest
