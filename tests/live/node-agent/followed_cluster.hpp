// Follows a cluster over its API, a little late if it is told so. Touches threads and the API.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "harness/kubernetes/cluster.hpp"
#include "tests/live/node-agent/cluster_objects.hpp"

namespace nettest {

/// Pods, namespaces and policies of a cluster. Follows them for as long as it lives, which ends
/// with the process: there is no way to stop it.
class FollowedCluster {
 public:
  /// Every change is made known `delay` after it was heard of.
  FollowedCluster(std::shared_ptr<Cluster> cluster, Duration delay);

  /// Waits for changes that are due, and takes all of them in; the first time, for all that exists
  /// already: half of a state would open what is closed.
  const ClusterObjects& next();

 private:
  struct Event {
    TimePoint due;
    bool deleted = false;
    nlohmann::json object;
  };
  void follow(std::size_t collection);

  std::shared_ptr<Cluster> cluster_;
  Duration delay_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  /// The kinds of which all objects have been told.
  std::set<std::string> told_;
  ClusterObjects objects_;
  std::vector<std::jthread> threads_;
};

}  // namespace nettest
