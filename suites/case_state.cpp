#include "suites/case_state.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

/// Above that many candidates a hint costs more than it gives.
constexpr std::size_t kMostCandidates = 2000;

template <typename Index, typename Key>
auto look_up(const Index& index, const Key& key) -> typename Index::mapped_type {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

template <typename Things, typename Exists>
std::vector<std::string> candidates(const Things& things, Exists exists) {
  std::vector<std::string> names;
  for (const auto& thing : things) {
    if (names.size() >= kMostCandidates) {
      break;
    }
    if (exists(thing)) {
      names.push_back(to_string(thing.id));
    }
  }
  return names;
}

template <typename Map>
void erase_namespace(Map& map, const std::string& name) {
  std::erase_if(map, [&](const auto& entry) { return entry.first.namespace_name == name; });
}

}  // namespace

WorldIndex::WorldIndex(const World& world) : world_(world) {
  for (const auto& pod : world.pods) {
    pods_.emplace(to_string(pod.id), &pod);
  }
  for (const auto& service : world.services) {
    services_.emplace(to_string(service.id), &service);
  }
  for (const auto& ns : world.namespaces) {
    namespaces_.emplace(ns.name, &ns);
  }
}

const Pod* WorldIndex::pod(const PodId& id) const {
  return look_up(pods_, to_string(id));
}

const Service* WorldIndex::service(const ServiceId& id) const {
  return look_up(services_, to_string(id));
}

const Namespace* WorldIndex::name_space(const std::string& name) const {
  return look_up(namespaces_, name);
}

const Labels* CaseState::pod_labels(const PodId& id) const {
  const auto changed = pods_.find(id);
  if (changed != pods_.end()) {
    return changed->second ? &*changed->second : nullptr;
  }
  const Pod* pod = emptied_.contains(id.namespace_name) ? nullptr : base_.pod(id);
  return pod == nullptr ? nullptr : &pod->labels;
}

const Labels* CaseState::namespace_labels(const std::string& name) const {
  const auto changed = namespaces_.find(name);
  if (changed != namespaces_.end()) {
    return changed->second ? &*changed->second : nullptr;
  }
  const Namespace* ns = base_.name_space(name);
  return ns == nullptr ? nullptr : &ns->labels;
}

bool CaseState::has_service(const ServiceId& id) const {
  const auto changed = services_.find(id);
  if (changed != services_.end()) {
    return changed->second;
  }
  return !emptied_.contains(id.namespace_name) && base_.service(id) != nullptr;
}

std::optional<std::string> CaseState::apply(const Change& change) {
  return std::visit([&](const auto& action) { return make(action); }, change.action);
}

std::string CaseState::no_namespace(const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& ns : base_.world().namespaces) {
    if (names.size() < kMostCandidates && namespace_labels(ns.name) != nullptr) {
      names.push_back(ns.name);
    }
  }
  for (const auto& [created, labels] : namespaces_) {
    if (labels) {
      names.push_back(created);
    }
  }
  const bool by_default = name == "default";
  return "there is no namespace " + printable(name) +
         (by_default ? " in this suite (a manifest without metadata.namespace goes there)"
                     : spelling_hint(name, names));
}

std::string CaseState::no_pod(const PodId& id) const {
  auto names =
      candidates(base_.world().pods, [&](const Pod& pod) { return pod_labels(pod.id) != nullptr; });
  for (const auto& [created, labels] : pods_) {
    if (labels) {
      names.push_back(to_string(created));
    }
  }
  return "there is no pod " + printable(to_string(id)) + spelling_hint(to_string(id), names);
}

std::string CaseState::no_service(const ServiceId& id) const {
  auto names = candidates(base_.world().services,
                          [&](const Service& service) { return has_service(service.id); });
  for (const auto& [created, there] : services_) {
    if (there) {
      names.push_back(to_string(created));
    }
  }
  return "there is no service " + printable(to_string(id)) + spelling_hint(to_string(id), names);
}

std::string CaseState::no_policy(const PolicyId& id) const {
  std::vector<std::string> names;
  for (const auto& other : policies_) {
    names.push_back(to_string(other));
  }
  return "there is no NetworkPolicy " + printable(to_string(id)) +
         (names.empty() ? "; none is in force" : spelling_hint(to_string(id), names));
}

CaseState::Outcome CaseState::make(const ApplyPolicy& change) {
  const PolicyId& id = change.policy.id;
  policies_.insert(id);
  return namespace_labels(id.namespace_name) == nullptr ? no_namespace(id.namespace_name)
                                                        : Outcome();
}

CaseState::Outcome CaseState::make(const DeletePolicy& change) {
  return policies_.erase(change.id) > 0 ? Outcome() : no_policy(change.id);
}

CaseState::Outcome CaseState::make(const SetPodLabels& change) {
  if (pod_labels(change.id) == nullptr) {
    return no_pod(change.id);
  }
  pods_[change.id] = change.labels;
  return std::nullopt;
}

CaseState::Outcome CaseState::make(const SetNamespaceLabels& change) {
  if (namespace_labels(change.name) == nullptr) {
    return no_namespace(change.name);
  }
  auto labels = change.labels;
  labels[kNameLabel] = change.name;
  namespaces_[change.name] = std::move(labels);
  return std::nullopt;
}

CaseState::Outcome CaseState::make(const CreatePod& change) {
  const PodId& id = change.pod.id;
  if (pod_labels(id) != nullptr) {
    return "pod " + to_string(id) + " is there already";
  }
  pods_[id] = change.pod.labels;
  return namespace_labels(id.namespace_name) == nullptr ? no_namespace(id.namespace_name)
                                                        : Outcome();
}

CaseState::Outcome CaseState::make(const DeletePod& change) {
  if (pod_labels(change.id) == nullptr) {
    return no_pod(change.id);
  }
  pods_[change.id] = std::nullopt;
  return std::nullopt;
}

CaseState::Outcome CaseState::make(const CreateNamespace& change) {
  const std::string& name = change.value.name;
  if (namespace_labels(name) != nullptr) {
    return "namespace " + name + " is there already";
  }
  auto labels = change.value.labels;
  labels[kNameLabel] = name;
  namespaces_[name] = std::move(labels);
  return std::nullopt;
}

CaseState::Outcome CaseState::make(const DeleteNamespace& change) {
  const std::string& name = change.name;
  if (namespace_labels(name) == nullptr) {
    return no_namespace(name);
  }
  if (is_kept_namespace(name)) {
    return "namespace " + name + " may not be deleted, no cluster allows it";
  }
  namespaces_[name] = std::nullopt;
  emptied_.insert(name);
  erase_namespace(pods_, name);
  erase_namespace(services_, name);
  std::erase_if(policies_, [&](const PolicyId& id) { return id.namespace_name == name; });
  return std::nullopt;
}

CaseState::Outcome CaseState::make(const CreateService& change) {
  const ServiceId& id = change.service.id;
  if (has_service(id)) {
    return "service " + to_string(id) + " is there already";
  }
  services_[id] = true;
  return namespace_labels(id.namespace_name) == nullptr ? no_namespace(id.namespace_name)
                                                        : Outcome();
}

CaseState::Outcome CaseState::make(const DeleteService& change) {
  if (!has_service(change.id)) {
    return no_service(change.id);
  }
  services_[change.id] = false;
  return std::nullopt;
}

}  // namespace nettest
