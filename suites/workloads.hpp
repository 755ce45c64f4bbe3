// Reads the kinds that matter beside policies: workloads, services, namespaces. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/manifest.hpp"
#include "suites/world.hpp"

namespace nettest {

/// An object by which others may be owned.
struct OwnerKey {
  std::string namespace_name;
  std::string kind;
  std::string name;

  auto operator<=>(const OwnerKey&) const = default;
};

/// A workload or a pod, as one pod that stands for it.
struct ReadWorkload {
  OwnerKey self;
  Pod pod;
  /// Its controller, when it has one.
  std::optional<OwnerKey> owner;
  /// False for a workload without replicas that somebody owns (an old ReplicaSet).
  bool counts = true;
  /// Succeeded or Failed.
  bool completed = false;
  std::vector<IpAddress> addresses;
};

/// Says whether the manifest is a workload of a kind that nettest knows, a pod included.
bool is_workload(const Manifest& manifest);
bool is_service(const Manifest& manifest);
bool is_namespace(const Manifest& manifest);

/// Read one object; nothing when there was an error.
std::optional<ReadWorkload> read_workload(const Manifest& manifest,
                                          std::string_view default_namespace,
                                          Findings& findings);
/// A service without a selector has an empty one.
std::optional<Service> read_service(const Manifest& manifest,
                                    std::string_view default_namespace,
                                    Findings& findings);
std::optional<Namespace> read_namespace(const Manifest& manifest, Findings& findings);

}  // namespace nettest
