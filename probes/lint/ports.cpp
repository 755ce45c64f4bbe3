#include "probes/lint/ports.hpp"

namespace nettest {

namespace {

/// How many pods are looked at to say in a message what pods serve.
constexpr std::size_t kMostLookedAt = 200;

std::string name_key(Protocol protocol, const std::string& name) {
  return std::string(to_string(protocol)) + "/" + name;
}

}  // namespace

PortFacts::PortFacts(const World& world, const Groups& groups) : world_(world), groups_(groups) {
  for (GroupIndex group = 0; group < groups.size(); ++group) {
    for (const PodIndex member : groups.members(group)) {
      const Pod& pod = world.pods[member];
      if (pod.ports.empty()) {
        silent_.add(group);
      }
      for (const ContainerPort& port : pod.ports) {
        by_number_[{port.protocol, port.port}].add(group);
        if (!port.name.empty()) {
          by_name_[name_key(port.protocol, port.name)].add(group);
        }
      }
    }
  }
}

bool PortFacts::serves(const GroupSet& groups, Protocol protocol, Port first, Port last) const {
  for (auto at = by_number_.lower_bound({protocol, first});
       at != by_number_.end() && at->first.first == protocol && at->first.second <= last;
       ++at) {
    if (at->second.intersect(groups)) {
      return true;
    }
  }
  return false;
}

bool PortFacts::has_name(const GroupSet& groups, Protocol protocol, const std::string& name) const {
  const auto found = by_name_.find(name_key(protocol, name));
  return found != by_name_.end() && found->second.intersect(groups);
}

template <typename Visit>
void PortFacts::visit(const GroupSet& groups, Visit visit) const {
  std::size_t left = kMostLookedAt;
  for (const GroupIndex group : groups) {
    for (const PodIndex member : groups_.members(group)) {
      if (left-- == 0) {
        return;
      }
      for (const ContainerPort& port : world_.pods[member].ports) {
        visit(port);
      }
    }
  }
}

std::map<std::string, std::set<Protocol>> PortFacts::names(const GroupSet& groups) const {
  std::map<std::string, std::set<Protocol>> names;
  visit(groups, [&](const ContainerPort& port) {
    if (!port.name.empty()) {
      names[port.name].insert(port.protocol);
    }
  });
  return names;
}

ConnectionSet PortFacts::declared(const GroupSet& groups) const {
  ConnectionSet declared;
  visit(groups, [&](const ContainerPort& port) {
    declared = declared.united({port.protocol, PortSet({port.port, port.port})});
  });
  return declared;
}

}  // namespace nettest
