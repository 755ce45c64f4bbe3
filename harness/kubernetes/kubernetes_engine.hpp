// The engine whose world lives in a Kubernetes cluster, beside whatever else runs there.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/agents/agent_pool.hpp"
#include "harness/engine.hpp"
#include "harness/kubernetes/cluster.hpp"
#include "harness/kubernetes/cluster_world.hpp"

namespace nettest {

/// What the user may say about it.
struct KubernetesOptions {
  PodStyle pods;
  bool exact_names = false;
  /// Only wget asks: no agent is put into the pods, and they serve from their images.
  bool wget_only = false;
  /// What opening a way into a pod may take beyond a probe's own time-out.
  Duration exec_patience = std::chrono::seconds(15);
  AgentPatience agent_patience = {};
};

/// Whose world it is.
struct LaneIdentity {
  std::string run;
  int lane = 1;
  /// "user@host", and when the run began (RFC 3339).
  std::string owner;
  std::string started;
};

/// All calls from one thread, which must live as long as the engine. Enforcement is the business of
/// the cluster's policy engine, and takes the time that it takes.
class KubernetesEngine final : public Engine {
 public:
  /// Looks at the cluster: what we may do there, and what it can. Fails with one line.
  static Result<std::unique_ptr<Engine>> make(std::shared_ptr<Cluster> cluster,
                                              KubernetesOptions options,
                                              LaneIdentity identity,
                                              Tell tell);
  KubernetesEngine(const KubernetesEngine&) = delete;
  KubernetesEngine& operator=(const KubernetesEngine&) = delete;
  ~KubernetesEngine() override;

  [[nodiscard]] Capabilities capabilities() const override { return capabilities_; }
  Result<AddressBook> deploy(const World& world, TimePoint deadline) override;
  Result<AddressBook> apply(std::span<const Change> changes, TimePoint deadline) override;
  Result<std::vector<Attempt>> probe(std::span<const Question> questions) override;
  [[nodiscard]] std::string by_hand(const Probe& probe) const override;
  [[nodiscard]] std::string way_into(const PodId& pod) const override;
  Result<void> remove(TimePoint deadline) override;

 private:
  struct Clients;
  KubernetesEngine(std::shared_ptr<Cluster> cluster, KubernetesOptions options);
  Result<void> look_around(LaneIdentity identity, Tell tell);
  void warn(const std::string& text);
  Result<void> start_agents(const std::vector<PodId>& ids, TimePoint deadline);

  std::shared_ptr<Cluster> cluster_;
  KubernetesOptions options_;
  Capabilities capabilities_;
  std::optional<ClusterWorld> world_;
  bool standing_ = false;
  /// Destroyed first: the ways into the pods.
  std::unique_ptr<Clients> clients_;
};

}  // namespace nettest
