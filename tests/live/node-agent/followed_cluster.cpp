#include "tests/live/node-agent/followed_cluster.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace nettest {

namespace {

constexpr std::chrono::seconds kPatience(5);

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

FollowedCluster::FollowedCluster(std::shared_ptr<Cluster> cluster, Duration delay)
    : cluster_(std::move(cluster)), delay_(delay) {
  static constexpr std::array<Collection, 3> kCollections = {{
      {"/api/v1/namespaces", "v1", "Namespace"},
      {"/api/v1/pods", "v1", "Pod"},
      {"/apis/networking.k8s.io/v1/networkpolicies", "networking.k8s.io/v1", "NetworkPolicy"},
  }};
  for (const Collection& collection : kCollections) {
    at_start_ += count(collection);
    threads_.emplace_back([this, &collection] { follow(collection); });
  }
}

std::size_t FollowedCluster::count(const Collection& collection) {
  const auto listed = cluster_->client().list(collection.path, "", now() + kPatience);
  return listed ? listed->items.size() : 0;
}

void FollowedCluster::follow(const Collection& collection) {
  ApiClient api = cluster_->client();
  while (true) {
    const auto followed = api.follow(
        collection.path,
        "",
        [&](const WatchEvent& event) {
          if (event.listed) {
            return false;
          }
          Event heard{now() + delay_, event.deleted, event.object};
          // Items of a list do not say what they are.
          heard.object["apiVersion"] = collection.api_version;
          heard.object["kind"] = collection.kind;
          const std::lock_guard lock(mutex_);
          events_.push_back(std::move(heard));
          ++heard_;
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
  // What is deleted in between is never heard of, and not waited for.
  changed_.wait_for(lock, kPatience, [&] { return heard_ >= at_start_; });
  at_start_ = 0;
  changed_.wait(lock, [&] { return !events_.empty(); });
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
