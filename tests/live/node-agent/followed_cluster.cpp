#include "tests/live/node-agent/followed_cluster.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace nettest {

namespace {

struct Collection {
  const char* path;
  const char* api_version;
  const char* kind;
};

constexpr std::array<Collection, 3> kCollections = {{
    {"/api/v1/namespaces", "v1", "Namespace"},
    {"/api/v1/pods", "v1", "Pod"},
    {"/apis/networking.k8s.io/v1/networkpolicies", "networking.k8s.io/v1", "NetworkPolicy"},
}};

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

FollowedCluster::FollowedCluster(std::shared_ptr<Cluster> cluster, Duration delay)
    : cluster_(std::move(cluster)), delay_(delay) {
  for (std::size_t i = 0; i < kCollections.size(); ++i) {
    threads_.emplace_back([this, i] { follow(i); });
  }
}

void FollowedCluster::follow(std::size_t index) {
  const Collection& collection = kCollections.at(index);
  ApiClient api = cluster_->client();
  while (true) {
    const auto followed = api.follow(
        collection.path,
        "",
        [&](const WatchEvent& event) {
          const std::lock_guard lock(mutex_);
          if (event.listed) {
            told_.insert(collection.kind);
            changed_.notify_one();
            return false;
          }
          Event heard{now() + delay_, event.deleted, event.object};
          // Items of a list do not say what they are.
          heard.object["apiVersion"] = collection.api_version;
          heard.object["kind"] = collection.kind;
          events_.push_back(std::move(heard));
          changed_.notify_one();
          return false;
        },
        now() + std::chrono::hours(1));
    if (!followed && followed.error().reason != "Deadline") {
      std::fprintf(stderr, "%s: %s\n", collection.path, followed.error().message.c_str());
    }
  }
}

const ClusterObjects& FollowedCluster::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return told_.size() == kCollections.size() && !events_.empty(); });
  const TimePoint due = events_.front().due;
  while (now() < due) {
    changed_.wait_until(lock, due);
  }
  while (!events_.empty() && events_.front().due <= now()) {
    const Event& event = events_.front();
    if (event.deleted) {
      objects_.remove(event.object);
    } else {
      objects_.put(event.object);
    }
    events_.pop_front();
  }
  return objects_;
}

}  // namespace nettest
