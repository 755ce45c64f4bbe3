// The changes that lead from one cluster state to another. Pure.
#include <algorithm>
#include <map>
#include <utility>

#include "suites/change.hpp"

namespace nettest {

namespace {

bool same_port(const ContainerPort& a, const ContainerPort& b) {
  return a.name == b.name && a.port == b.port && a.protocol == b.protocol && a.serve == b.serve;
}

/// Labels aside: only they can be changed while a pod lives.
bool same_spec(const Pod& a, const Pod& b) {
  return std::equal(a.ports.begin(), a.ports.end(), b.ports.begin(), b.ports.end(), same_port) &&
         a.ips == b.ips && a.node == b.node && a.host_network == b.host_network &&
         a.image == b.image && a.command == b.command && a.system == b.system;
}

bool same_service(const Service& a, const Service& b) {
  const auto same = [](const ServicePort& left, const ServicePort& right) {
    return left.name == right.name && left.port == right.port && left.protocol == right.protocol &&
           left.target_port == right.target_port;
  };
  return a.selector == b.selector && a.headless == b.headless && a.families == b.families &&
         std::equal(a.ports.begin(), a.ports.end(), b.ports.begin(), b.ports.end(), same);
}

template <typename T>
auto by_id(const std::vector<T>& values) {
  std::map<decltype(T::id), const T*> index;
  for (const auto& value : values) {
    index.emplace(value.id, &value);
  }
  return index;
}

auto by_name(const std::vector<Namespace>& values) {
  std::map<std::string, const Namespace*> index;
  for (const auto& value : values) {
    index.emplace(value.name, &value);
  }
  return index;
}

template <typename Index, typename Key>
auto look_up(const Index& index, const Key& key) -> typename Index::mapped_type {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

class Difference {
 public:
  Difference(const ClusterState& from, const ClusterState& to) : from_(from), to_(to) {}

  std::vector<Change> changes() {
    delete_policies();
    replace(from_.world.services, to_.world.services, same_service);
    for (const auto& id : gone_services_) {
      add(DeleteService{id});
    }
    replace_pods();
    namespaces();
    for (const auto& pod : new_pods_) {
      add(CreatePod{*pod});
    }
    for (const auto* service : new_services_) {
      add(CreateService{*service});
    }
    apply_policies();
    return std::move(changes_);
  }

 private:
  template <typename Action>
  void add(Action action) {
    changes_.push_back({std::move(action), {}});
  }

  void delete_policies() {
    const auto wanted = by_id(to_.policies);
    for (const auto& policy : from_.policies) {
      if (look_up(wanted, policy.id) == nullptr) {
        add(DeletePolicy{policy.id});
      }
    }
  }

  template <typename Same>
  void replace(const std::vector<Service>& old, const std::vector<Service>& wanted, Same same) {
    const auto old_index = by_id(old);
    const auto wanted_index = by_id(wanted);
    for (const auto& service : old) {
      const Service* other = look_up(wanted_index, service.id);
      if (other == nullptr || !same(service, *other)) {
        gone_services_.push_back(service.id);
      }
    }
    for (const auto& service : wanted) {
      const Service* other = look_up(old_index, service.id);
      if (other == nullptr || !same(service, *other)) {
        new_services_.push_back(&service);
      }
    }
  }

  void replace_pods() {
    const auto old_index = by_id(from_.world.pods);
    const auto wanted_index = by_id(to_.world.pods);
    for (const auto& pod : from_.world.pods) {
      const Pod* other = look_up(wanted_index, pod.id);
      if (other == nullptr || !same_spec(pod, *other)) {
        add(DeletePod{pod.id});
      }
    }
    for (const auto& pod : to_.world.pods) {
      const Pod* other = look_up(old_index, pod.id);
      if (other == nullptr || !same_spec(pod, *other)) {
        new_pods_.push_back(&pod);
      } else if (other->labels != pod.labels) {
        add(SetPodLabels{pod.id, pod.labels});
      }
    }
  }

  void namespaces() {
    const auto old_index = by_name(from_.world.namespaces);
    const auto wanted_index = by_name(to_.world.namespaces);
    for (const auto& ns : from_.world.namespaces) {
      if (look_up(wanted_index, ns.name) == nullptr) {
        add(DeleteNamespace{ns.name});
      }
    }
    for (const auto& ns : to_.world.namespaces) {
      const Namespace* other = look_up(old_index, ns.name);
      if (other == nullptr) {
        add(CreateNamespace{ns});
      } else if (other->labels != ns.labels) {
        add(SetNamespaceLabels{ns.name, ns.labels});
      }
    }
  }

  void apply_policies() {
    const auto old_index = by_id(from_.policies);
    for (const auto& policy : to_.policies) {
      const NetworkPolicy* other = look_up(old_index, policy.id);
      if (other == nullptr || !same_policy(*other, policy)) {
        add(ApplyPolicy{policy});
      }
    }
  }

  const ClusterState& from_;
  const ClusterState& to_;
  std::vector<Change> changes_;
  std::vector<ServiceId> gone_services_;
  std::vector<const Service*> new_services_;
  std::vector<const Pod*> new_pods_;
};

}  // namespace

std::vector<Change> difference(const ClusterState& from, const ClusterState& to) {
  return Difference(from, to).changes();
}

}  // namespace nettest
