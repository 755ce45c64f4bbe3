#include "suites/owners.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace nettest {

namespace {

/// Longer chains of owners than this are cycles.
constexpr int kMostOwners = 16;

std::string text_of(const OwnerKey& key) {
  return key.kind + " " + key.namespace_name + "/" + key.name;
}

/// Who owns whom among the workloads that were read.
class Owners {
 public:
  explicit Owners(const std::vector<ReadWorkload>& workloads) {
    for (const ReadWorkload& workload : workloads) {
      read_.emplace(text_of(workload.self), &workload);
    }
    for (const ReadWorkload& workload : workloads) {
      if (workload.counts) {
        visit_owners(workload, [&](const OwnerKey& owner) { represented_.insert(text_of(owner)); });
      }
    }
  }

  /// Says whether something that it owns stands for the workload already.
  [[nodiscard]] bool is_represented(const ReadWorkload& workload) const {
    return represented_.contains(text_of(workload.self));
  }

  [[nodiscard]] OwnerKey top(const ReadWorkload& workload) const {
    OwnerKey top = workload.self;
    visit_owners(workload, [&](const OwnerKey& owner) { top = owner; });
    return top;
  }

 private:
  template <typename Visit>
  void visit_owners(const ReadWorkload& workload, Visit visit) const {
    const ReadWorkload* at = &workload;
    for (int depth = 0; at != nullptr && at->owner && depth < kMostOwners; ++depth) {
      visit(*at->owner);
      const auto owner = read_.find(text_of(*at->owner));
      at = owner == read_.end() ? nullptr : owner->second;
    }
  }

  std::unordered_map<std::string, const ReadWorkload*> read_;
  std::unordered_set<std::string> represented_;
};

void warn(const ReadWorkload& workload, Inventory& inventory) {
  const std::string name =
      workload.self.kind + " " + workload.self.namespace_name + "/" + workload.self.name;
  if (workload.pod.host_network) {
    inventory.warnings.push_back(
        {ErrorKind::suite,
         name + " uses the network of its node (hostNetwork): most CNIs do not apply policies to "
                "it, whatever is said of it here",
         workload.pod.where});
  }
  if (workload.completed) {
    inventory.warnings.push_back({ErrorKind::suite,
                                  name + " has ended; it is listed as an ordinary pod",
                                  workload.pod.where});
  }
}

}  // namespace

void add_workloads(const std::vector<ReadWorkload>& workloads, Inventory& inventory) {
  const Owners owners(workloads);
  std::vector<std::pair<WorkloadName, const ReadWorkload*>> chosen;
  for (const ReadWorkload& workload : workloads) {
    if (owners.is_represented(workload) || (!workload.counts && workload.owner)) {
      continue;
    }
    const OwnerKey top = owners.top(workload);
    chosen.emplace_back(WorkloadName{top.namespace_name, top.name, top.kind, workload.pod.where},
                        &workload);
  }
  std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& entry) {
      return std::tie(
          entry.first.namespace_name, entry.first.name, entry.first.kind, entry.second->pod.id);
    };
    return key(a) < key(b);
  });
  for (const auto& [name, workload] : chosen) {
    warn(*workload, inventory);
    if (!workload->addresses.empty()) {
      inventory.addresses.pods.emplace(workload->pod.id, workload->addresses);
    }
    inventory.state.world.pods.push_back(workload->pod);
    inventory.workloads.push_back(name);
  }
}

void add_mentioned_namespaces(Inventory& inventory) {
  World& world = inventory.state.world;
  std::set<std::string> known = inventory.declared_namespaces;
  const auto mention = [&](const std::string& name) {
    if (known.insert(name).second) {
      world.namespaces.push_back({name, {{"kubernetes.io/metadata.name", name}}, false, {}});
    }
  };
  for (const Pod& pod : world.pods) {
    mention(pod.id.namespace_name);
  }
  for (const Service& service : world.services) {
    mention(service.id.namespace_name);
  }
  for (const NetworkPolicy& policy : inventory.state.policies) {
    mention(policy.id.namespace_name);
  }
}

std::string to_string(const WorkloadName& workload) {
  return workload.namespace_name + "/" + workload.name + "[" + workload.kind + "]";
}

std::vector<std::string> workload_texts(const Inventory& inventory) {
  std::vector<std::string> texts;
  texts.reserve(inventory.workloads.size());
  for (const WorkloadName& workload : inventory.workloads) {
    texts.push_back(to_string(workload));
  }
  return texts;
}

}  // namespace nettest
