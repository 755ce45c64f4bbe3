// What a pod finds in /etc: resolv.conf, hosts, nsswitch.conf; and its hostname. Touches mounts.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "suites/world.hpp"

namespace nettest {

/// The texts that a kubelet would give the pod. Pure.
std::string resolv_conf(const std::string& namespace_name, const std::vector<IpAddress>& dns);
std::string hosts_file(const PodId& id, const std::vector<IpAddress>& addresses);

/// Writes the pods' files in a folder of the world, and binds them over /etc of the pods.
class PodFiles {
 public:
  /// `folder` exists and is private to the world.
  explicit PodFiles(std::string folder) : folder_(std::move(folder)) {}

  /// Prepares the mount namespace that the pods' ones are copied from, in the calling thread's:
  /// makes sure that /etc has what will be covered, and hides a name service cache of the host.
  Result<void> prepare() const;
  Result<void> write(const PodId& id,
                     const std::vector<IpAddress>& addresses,
                     const std::vector<IpAddress>& dns) const;
  /// Furnishes the calling thread's own mount and UTS namespace as that of the pod.
  Result<void> furnish(const PodId& id) const;
  void remove(const PodId& id) const;

 private:
  [[nodiscard]] std::string folder_of(const PodId& id) const;
  Result<void> stand_in_for_etc() const;

  std::string folder_;
};

}  // namespace nettest
