// One lane's world in a cluster: its objects, made, changed, awaited and removed. A shell over the
// API.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/kubernetes/cluster.hpp"
#include "harness/kubernetes/objects.hpp"
#include "harness/kubernetes/placement.hpp"
#include "harness/kubernetes/pod_status.hpp"
#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Told to the user while something is waited for.
using Tell = std::function<void(const std::string&)>;

/// How a world is made.
struct WorldStyle {
  PodStyle pods;
  /// Keeps the names of the suite; refuses namespaces that exist.
  bool exact_names = false;
  /// Annotations of the namespaces.
  Labels notes;
};

/// One thread at a time.
class ClusterWorld {
 public:
  ClusterWorld(std::shared_ptr<Cluster> cluster, Placement placement, WorldStyle style, Tell tell);

  /// Makes namespaces, services and pods, and waits until every pod is ready.
  Result<void> create(const World& world, TimePoint deadline);

  /// What a list of changes did to the pods.
  struct Turnover {
    std::vector<PodId> gone;
    std::vector<PodId> made;
  };
  /// Makes the changes in order, one call each, and waits for pods that come and go.
  Result<Turnover> change(std::span<const Change> changes, TimePoint deadline);

  /// Removes the namespaces, with everything in them, and waits until they are gone; an interrupt
  /// does not end it.
  Result<void> remove(TimePoint deadline);

  [[nodiscard]] const ClusterState& state() const { return state_; }
  [[nodiscard]] const AddressBook& addresses() const { return addresses_; }
  [[nodiscard]] const Placement& placement() const { return placement_; }
  [[nodiscard]] const PodStyle& pod_style() const { return style_.pods; }
  /// "amd64" of the node that the pod runs on.
  [[nodiscard]] std::string architecture_of(const PodId& id) const;

 private:
  Result<void> check(const World& world) const;
  Result<void> refuse_foreign(const World& world, TimePoint deadline);
  Result<void> learn_cluster_own(TimePoint deadline);
  static Result<void> put(ApiClient& api,
                          const std::string& path,
                          const Json& object,
                          TimePoint deadline);
  Result<void> put_service(ApiClient& api, const Service& service, TimePoint deadline);
  Result<void> put_pod(ApiClient& api, const Pod& pod, TimePoint deadline);
  Result<void> make(const Change& change, Turnover& turnover, TimePoint deadline);
  struct Awaited;
  Result<void> await_pods(const std::vector<PodId>& ids, TimePoint deadline);
  bool all_ready(Awaited& awaited, const WatchEvent& event);
  Result<void> remove_object(const std::string& path, const std::string& what, TimePoint deadline);
  Result<void> delete_pod(const PodId& id, TimePoint deadline);
  Result<void> delete_namespace(const std::string& name, Turnover& turnover, TimePoint deadline);
  void forget_namespace(const std::string& name);
  void note_ready(const PodId& id, const PodStatus& status);

  std::shared_ptr<Cluster> cluster_;
  Placement placement_;
  WorldStyle style_;
  Tell tell_;
  ClusterState state_;
  AddressBook addresses_;
  /// The hostname label that each pod is pinned to: a pod's object is always written whole.
  std::map<PodId, std::string> pinned_;
  /// Real names of namespaces that may exist.
  std::set<std::string> made_;
};

}  // namespace nettest
