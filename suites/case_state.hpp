// What exists while a case goes on, kept as the difference from the world that it began
// with, so that a suite of 100,000 pods and many cases is read in no time. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Looks up what a world holds. Keeps pointers into it.
class WorldIndex {
 public:
  explicit WorldIndex(const World& world);

  [[nodiscard]] const Pod* pod(const PodId& id) const;
  [[nodiscard]] const Service* service(const ServiceId& id) const;
  [[nodiscard]] const Namespace* name_space(const std::string& name) const;
  [[nodiscard]] const World& world() const { return world_; }

 private:
  const World& world_;
  std::unordered_map<std::string, const Pod*> pods_;
  std::unordered_map<std::string, const Service*> services_;
  std::unordered_map<std::string, const Namespace*> namespaces_;
};

/// The state of one case. apply() does what apply_change() does to a ClusterState, and
/// gives the same reasons with a spelling hint.
class CaseState {
 public:
  explicit CaseState(const WorldIndex& base) : base_(base) {}

  /// Labels of what exists now, or nullptr.
  [[nodiscard]] const Labels* pod_labels(const PodId& id) const;
  [[nodiscard]] const Labels* namespace_labels(const std::string& name) const;
  [[nodiscard]] bool has_service(const ServiceId& id) const;
  [[nodiscard]] bool has_policy(const PolicyId& id) const { return policies_.contains(id); }

  /// Makes the change, or says why it cannot be made. What is made in a namespace that is
  /// missing is there afterwards, so that one mistake gives one error.
  std::optional<std::string> apply(const Change& change);

  /// Say why something is not there, with the nearest that is.
  [[nodiscard]] std::string no_namespace(const std::string& name) const;
  [[nodiscard]] std::string no_pod(const PodId& id) const;
  [[nodiscard]] std::string no_service(const ServiceId& id) const;
  [[nodiscard]] std::string no_policy(const PolicyId& id) const;

 private:
  using Outcome = std::optional<std::string>;
  Outcome make(const ApplyPolicy& change);
  Outcome make(const DeletePolicy& change);
  Outcome make(const SetPodLabels& change);
  Outcome make(const SetNamespaceLabels& change);
  Outcome make(const CreatePod& change);
  Outcome make(const DeletePod& change);
  Outcome make(const CreateNamespace& change);
  Outcome make(const DeleteNamespace& change);
  Outcome make(const CreateService& change);
  Outcome make(const DeleteService& change);

  const WorldIndex& base_;
  /// What differs from the base: labels of what is there, nothing for what is gone.
  std::map<PodId, std::optional<Labels>> pods_;
  std::map<std::string, std::optional<Labels>> namespaces_;
  std::map<ServiceId, bool> services_;
  std::set<PolicyId> policies_;
  /// Namespaces that were deleted once: what the base has in them is gone.
  std::set<std::string> emptied_;
};

}  // namespace nettest
