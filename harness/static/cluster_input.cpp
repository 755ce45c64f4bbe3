#include "harness/static/cluster_input.hpp"

#include <chrono>

#include "harness/kubernetes/cluster.hpp"
#include "harness/kubernetes/snapshot.hpp"

namespace nettest {

namespace {

/// A cluster of 100,000 pods is read in a minute or two.
constexpr Duration kMostTime = std::chrono::minutes(10);
constexpr Duration kMostTimeToConnect = std::chrono::seconds(30);

}  // namespace

Checked<Inventory> read_cluster(const ClusterChoice& choice,
                                const ManifestOptions& options,
                                std::vector<std::string>& not_seen) {
  const TimePoint now = std::chrono::steady_clock::now();
  const auto cluster = Cluster::connect(choice, now + kMostTimeToConnect);
  if (!cluster) {
    return tl::unexpected(Errors{cluster.error()});
  }
  ManifestReader reader(options);
  ApiClient api = (*cluster)->client();
  auto missed = take_snapshot(
      api,
      [&](const ObjectText& object) { reader.add(object.text, object.name); },
      now + kMostTime);
  if (!missed) {
    return tl::unexpected(Errors{missed.error().while_doing((*cluster)->kubectl().cluster())});
  }
  not_seen = std::move(*missed);
  return reader.finish();
}

}  // namespace nettest
