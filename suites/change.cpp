#include "suites/change.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

std::string label_text(const Labels& labels) {
  LabelSelector shown;
  shown.match_labels = labels;
  return labels.empty() ? "none" : to_string(shown);
}

/// Says in a few words what each kind of change does.
struct Describer {
  std::string operator()(const ApplyPolicy& change) const {
    return "apply NetworkPolicy " + to_string(change.policy.id);
  }
  std::string operator()(const DeletePolicy& change) const {
    return "delete NetworkPolicy " + to_string(change.id);
  }
  std::string operator()(const SetPodLabels& change) const {
    return "set the labels of pod " + to_string(change.id) + ": " + label_text(change.labels);
  }
  std::string operator()(const SetNamespaceLabels& change) const {
    Labels shown = change.labels;
    shown.erase(kNameLabel);
    return "set the labels of namespace " + change.name + ": " + label_text(shown);
  }
  std::string operator()(const CreatePod& change) const {
    return "create pod " + to_string(change.pod.id);
  }
  std::string operator()(const DeletePod& change) const {
    return "delete pod " + to_string(change.id);
  }
  std::string operator()(const CreateNamespace& change) const {
    return "create namespace " + change.value.name;
  }
  std::string operator()(const DeleteNamespace& change) const {
    return "delete namespace " + change.name;
  }
  std::string operator()(const CreateService& change) const {
    return "create service " + to_string(change.service.id);
  }
  std::string operator()(const DeleteService& change) const {
    return "delete service " + to_string(change.id);
  }
};

using Outcome = std::optional<std::string>;

/// Makes each kind of change; returns why it cannot be made.
class Maker {
 public:
  explicit Maker(ClusterState& state) : state_(state) {}

  Outcome operator()(const ApplyPolicy& change) const {
    if (auto fault = missing_namespace(change.policy.id.namespace_name)) {
      return fault;
    }
    const auto found = policy(change.policy.id);
    if (found == state_.policies.end()) {
      state_.policies.push_back(change.policy);
    } else {
      *found = change.policy;
    }
    return std::nullopt;
  }
  Outcome operator()(const DeletePolicy& change) const {
    const auto found = policy(change.id);
    if (found == state_.policies.end()) {
      return "there is no NetworkPolicy " + to_string(change.id);
    }
    state_.policies.erase(found);
    return std::nullopt;
  }
  Outcome operator()(const SetPodLabels& change) const {
    const auto found = pod(change.id);
    if (found == state_.world.pods.end()) {
      return "there is no pod " + to_string(change.id);
    }
    found->labels = change.labels;
    return std::nullopt;
  }
  Outcome operator()(const SetNamespaceLabels& change) const {
    const auto found = name_space(change.name);
    if (found == state_.world.namespaces.end()) {
      return missing_namespace(change.name);
    }
    found->labels = change.labels;
    found->labels[kNameLabel] = change.name;
    return std::nullopt;
  }
  Outcome operator()(const CreatePod& change) const {
    if (pod(change.pod.id) != state_.world.pods.end()) {
      return "pod " + to_string(change.pod.id) + " is there already";
    }
    if (auto fault = missing_namespace(change.pod.id.namespace_name)) {
      return fault;
    }
    state_.world.pods.push_back(change.pod);
    return std::nullopt;
  }
  Outcome operator()(const DeletePod& change) const {
    const auto found = pod(change.id);
    if (found == state_.world.pods.end()) {
      return "there is no pod " + to_string(change.id);
    }
    state_.world.pods.erase(found);
    return std::nullopt;
  }
  Outcome operator()(const CreateNamespace& change) const {
    if (find_namespace(state_.world, change.value.name) != nullptr) {
      return "namespace " + change.value.name + " is there already";
    }
    state_.world.namespaces.push_back(change.value);
    state_.world.namespaces.back().labels[kNameLabel] = change.value.name;
    return std::nullopt;
  }
  Outcome operator()(const DeleteNamespace& change) const {
    if (auto fault = missing_namespace(change.name)) {
      return fault;
    }
    if (is_kept_namespace(change.name)) {
      return "namespace " + change.name + " may not be deleted, no cluster allows it";
    }
    std::erase_if(state_.world.namespaces,
                  [&](const Namespace& ns) { return ns.name == change.name; });
    const auto inside = [&](const auto& thing) { return thing.id.namespace_name == change.name; };
    std::erase_if(state_.world.pods, inside);
    std::erase_if(state_.world.services, inside);
    std::erase_if(state_.policies, inside);
    return std::nullopt;
  }
  Outcome operator()(const CreateService& change) const {
    if (find_service(state_.world, change.service.id) != nullptr) {
      return "service " + to_string(change.service.id) + " is there already";
    }
    if (auto fault = missing_namespace(change.service.id.namespace_name)) {
      return fault;
    }
    state_.world.services.push_back(change.service);
    return std::nullopt;
  }
  Outcome operator()(const DeleteService& change) const {
    const auto count = std::erase_if(
        state_.world.services, [&](const Service& service) { return service.id == change.id; });
    return count > 0 ? Outcome() : "there is no service " + to_string(change.id);
  }

 private:
  [[nodiscard]] std::vector<NetworkPolicy>::iterator policy(const PolicyId& id) const {
    return std::find_if(state_.policies.begin(),
                        state_.policies.end(),
                        [&](const NetworkPolicy& policy) { return policy.id == id; });
  }
  [[nodiscard]] std::vector<Pod>::iterator pod(const PodId& id) const {
    return std::find_if(state_.world.pods.begin(), state_.world.pods.end(), [&](const Pod& pod) {
      return pod.id == id;
    });
  }
  [[nodiscard]] std::vector<Namespace>::iterator name_space(const std::string& name) const {
    return std::find_if(state_.world.namespaces.begin(),
                        state_.world.namespaces.end(),
                        [&](const Namespace& ns) { return ns.name == name; });
  }
  [[nodiscard]] Outcome missing_namespace(const std::string& name) const {
    if (find_namespace(state_.world, name) != nullptr) {
      return std::nullopt;
    }
    std::vector<std::string> names;
    names.reserve(state_.world.namespaces.size());
    for (const auto& ns : state_.world.namespaces) {
      names.push_back(ns.name);
    }
    return "there is no namespace " + name + spelling_hint(name, names);
  }

  ClusterState& state_;
};

}  // namespace

bool is_policy_change(const Change& change) {
  return std::holds_alternative<ApplyPolicy>(change.action) ||
         std::holds_alternative<DeletePolicy>(change.action);
}

bool is_kept_namespace(std::string_view name) {
  constexpr std::array<std::string_view, 3> kKept = {"default", "kube-system", "kube-public"};
  return std::find(kKept.begin(), kKept.end(), name) != kKept.end();
}

std::string describe(const Change& change) {
  return std::visit(Describer{}, change.action);
}

Result<void> apply_change(ClusterState& state, const Change& change) {
  if (const auto fault = std::visit(Maker(state), change.action)) {
    return fail(ErrorKind::suite, describe(change) + ": " + *fault, change.where);
  }
  return {};
}

}  // namespace nettest
