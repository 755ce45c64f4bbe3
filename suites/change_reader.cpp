#include "suites/change_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "suites/manifest.hpp"
#include "suites/placeholders.hpp"
#include "suites/policy_reader.hpp"
#include "suites/world_reader.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

/// The one key of `entry` that says what it is about; none or several are an error.
struct Target {
  std::string_view kind;
  const Node* value = nullptr;
};

Target only_key(Fields& fields,
                std::initializer_list<std::string_view> keys,
                std::string_view verb,
                Findings& findings) {
  Target found;
  int count = 0;
  for (const auto key : keys) {
    if (const Node* value = fields.get(key)) {
      found = {key, value};
      ++count;
    }
  }
  if (count != 1) {
    const bool misspelt = count == 0 && fields.has_unknown();
    if (misspelt || !fields.node().is_map()) {
      return {};
    }
    const std::vector<std::string> names(keys.begin(), keys.end());
    findings.error(
        fields.node(),
        std::string(verb) + ": want exactly one of " + join(names, ", ") + " in each entry");
    return {};
  }
  return found;
}

}  // namespace

ChangeReader::ChangeReader(const WorldIndex& world, PolicyFiles& files, Findings& findings)
    : files_(files), findings_(findings), state_(world) {}

std::vector<Change> ChangeReader::read(Fields& step) {
  changes_.clear();
  applied_in_step_.clear();
  const auto told_before = findings_.error_count() - told_;
  for (const Node* entry : step.list("create")) {
    create(*entry);
  }
  for (const Node* entry : step.list("label")) {
    label(*entry);
  }
  for (const Node* entry : step.list("apply")) {
    apply(*entry);
  }
  for (const Node* entry : step.list("delete")) {
    remove(*entry);
  }
  uncertain_ = uncertain_ || findings_.error_count() - told_ > told_before;
  return std::move(changes_);
}

void ChangeReader::tell(std::string message, const Location& where) {
  findings_.add({ErrorKind::suite, std::move(message), where});
  ++told_;
}

template <typename Action>
void ChangeReader::make(Action action,
                        std::string_view verb,
                        const Node& entry,
                        const Location& where) {
  Change change{std::move(action), findings_.place(entry)};
  const auto fault = state_.apply(change);
  if (fault && !uncertain_) {
    tell(std::string(verb) + ": " + *fault, where);
  }
  changes_.push_back(std::move(change));
}

void ChangeReader::create(const Node& entry) {
  Fields fields(entry, "create", findings_);
  const auto target = only_key(fields, {"pod", "namespace", "service"}, "create", findings_);
  fields.finish();
  if (target.value == nullptr) {
    return;
  }
  const auto where = findings_.place(*target.value);
  if (target.kind == "pod") {
    if (auto pod = read_pod(*target.value, findings_)) {
      make(CreatePod{std::move(*pod)}, "create", entry, where);
    }
  } else if (target.kind == "namespace") {
    if (auto ns = read_namespace(*target.value, findings_)) {
      make(CreateNamespace{std::move(*ns)}, "create", entry, where);
    }
  } else if (auto service = read_service(*target.value, findings_)) {
    make(CreateService{std::move(*service)}, "create", entry, where);
  }
}

void ChangeReader::label(const Node& entry) {
  Fields fields(entry, "label", findings_);
  fields.skip({"set", "remove"});
  const auto target = only_key(fields, {"pod", "namespace"}, "label", findings_);
  if (target.value != nullptr && target.kind == "pod") {
    label_pod(*target.value, fields, entry);
  } else if (target.value != nullptr) {
    label_namespace(*target.value, fields, entry);
  }
  fields.finish();
}

void ChangeReader::label_pod(const Node& target, Fields& fields, const Node& entry) {
  const auto id = read_id(target, "pod", findings_);
  const PodId pod = id ? PodId{id->first, id->second} : PodId{};
  const Labels* labels = state_.pod_labels(pod);
  if (id && labels == nullptr && !uncertain_) {
    tell("label: " + state_.no_pod(pod), findings_.place(target));
  }
  auto wanted = changed(labels == nullptr ? Labels{} : *labels, fields, entry);
  if (labels != nullptr) {
    make(SetPodLabels{pod, std::move(wanted)}, "label", entry, findings_.place(target));
  }
}

void ChangeReader::label_namespace(const Node& target, Fields& fields, const Node& entry) {
  const auto name = read_text(target, "namespace", findings_);
  const Labels* labels = name ? state_.namespace_labels(*name) : nullptr;
  if (name && labels == nullptr && !uncertain_) {
    tell("label: " + state_.no_namespace(*name), findings_.place(target));
  }
  auto wanted = changed(labels == nullptr ? Labels{} : *labels, fields, entry);
  if (labels == nullptr) {
    return;
  }
  const auto given = wanted.find(kNameLabel);
  if (given == wanted.end() || given->second != *name) {
    findings_.error(entry,
                    std::string("label: ") + kNameLabel + " of a namespace cannot be changed");
    return;
  }
  make(SetNamespaceLabels{*name, std::move(wanted)}, "label", entry, findings_.place(target));
}

Labels ChangeReader::changed(Labels labels, Fields& fields, const Node& entry) {
  const Node* set = fields.get("set");
  const auto removed = fields.list("remove");
  if (set == nullptr && removed.empty()) {
    findings_.error(entry, "label: nothing to do; say set: {key: value} or remove: [key]");
  }
  for (const Node* item : removed) {
    const auto key = read_text(*item, "remove", findings_);
    if (key && labels.erase(*key) == 0 && !uncertain_) {
      std::vector<std::string> keys;
      for (const auto& [known, value] : labels) {
        keys.push_back(known);
      }
      tell("remove: there is no label " + printable(*key) +
               (keys.empty() ? "" : "; there are " + join(keys, ", ")),
           findings_.place(*item));
    }
  }
  if (set != nullptr) {
    for (auto& [key, value] : read_labels(*set, "set", findings_)) {
      labels.insert_or_assign(key, value);
    }
  }
  return labels;
}

void ChangeReader::apply(const Node& entry) {
  if (entry.find("file") != nullptr && entry.find("kind") == nullptr) {
    apply_file(entry);
    return;
  }
  for (const auto& manifest : manifests_of(entry, findings_)) {
    if (is_network_policy(manifest, findings_)) {
      if (const auto policy = read_policy(manifest, "default", findings_)) {
        apply_policy(*policy, entry);
      }
    } else if (is_foreign_policy(manifest)) {
      findings_.error(*manifest.node,
                      "apply: " + printable(manifest.kind) + " of " +
                          printable(manifest.api_version) +
                          " is a policy that nettest does not evaluate");
    } else if (manifest.kind != "NetworkPolicy") {
      findings_.error(*manifest.node,
                      "apply: want a NetworkPolicy, found a " + printable(manifest.kind) +
                          "; pods, namespaces and services are made by create");
    }
  }
}

void ChangeReader::apply_file(const Node& entry) {
  Fields fields(entry, "apply", findings_);
  const auto path = fields.required_text("file");
  fields.finish();
  if (!path) {
    return;
  }
  const auto* policies = files_.read(*entry.find("file"), *path);
  if (policies == nullptr) {
    uncertain_ = true;
    return;
  }
  for (const auto& policy : *policies) {
    apply_policy(policy, entry);
  }
}

void ChangeReader::apply_policy(const NetworkPolicy& policy, const Node& entry) {
  if (!applied_in_step_.insert(policy.id).second) {
    tell("apply: NetworkPolicy " + to_string(policy.id) + " is there twice in this step",
         policy.where);
    return;
  }
  check_placeholders(policy);
  make(ApplyPolicy{policy}, "apply: NetworkPolicy " + to_string(policy.id), entry, policy.where);
}

void ChangeReader::check_placeholders(const NetworkPolicy& policy) {
  for (const auto* rules : {&policy.ingress, &policy.egress}) {
    for (const auto& rule : *rules) {
      for (const auto& peer : rule.peers) {
        if (!peer.ip_block) {
          continue;
        }
        check_placeholder(peer.ip_block->cidr);
        for (const auto& except : peer.ip_block->except) {
          check_placeholder(except);
        }
      }
    }
  }
}

void ChangeReader::check_placeholder(const WrittenCidr& written) {
  const auto placeholders = placeholders_of(written.written);
  if (written.cidr || !placeholders || uncertain_) {
    return;
  }
  for (const auto& wanted : *placeholders) {
    const PodId pod{wanted.namespace_name, wanted.name};
    const ServiceId service{wanted.namespace_name, wanted.name};
    const bool known = wanted.kind == Placeholder::Kind::node_ip || state_.has_service(service) ||
                       (!wanted.service && state_.pod_labels(pod) != nullptr);
    if (!known) {
      tell(wanted.written + ": " +
               (wanted.service ? state_.no_service(service) : state_.no_pod(pod)),
           written.where);
    }
  }
}

void ChangeReader::remove(const Node& entry) {
  Fields fields(entry, "delete", findings_);
  const auto target =
      only_key(fields, {"policy", "pod", "namespace", "service"}, "delete", findings_);
  fields.finish();
  if (target.value == nullptr) {
    return;
  }
  const auto where = findings_.place(*target.value);
  if (target.kind == "namespace") {
    if (auto name = read_text(*target.value, "namespace", findings_)) {
      make(DeleteNamespace{std::move(*name)}, "delete", entry, where);
    }
    return;
  }
  const auto id = read_id(*target.value, target.kind, findings_);
  if (!id) {
    return;
  }
  if (target.kind == "policy") {
    make(DeletePolicy{{id->first, id->second}}, "delete", entry, where);
  } else if (target.kind == "pod") {
    make(DeletePod{{id->first, id->second}}, "delete", entry, where);
  } else {
    make(DeleteService{{id->first, id->second}}, "delete", entry, where);
  }
}

}  // namespace nettest
