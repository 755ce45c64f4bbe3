#include "suites/workloads.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "suites/names.hpp"
#include "suites/pod_template.hpp"

namespace nettest {

namespace {

constexpr std::string_view kMetadataName = "kubernetes.io/metadata.name";

/// A kind with the groups in which it is the one that we mean.
struct KnownKind {
  std::string_view kind;
  std::string_view group;
};

constexpr std::array<KnownKind, 8> kWorkloads = {{
    {"Deployment", "apps"},
    {"StatefulSet", "apps"},
    {"DaemonSet", "apps"},
    {"ReplicaSet", "apps"},
    {"Job", "batch"},
    {"CronJob", "batch"},
    {"ReplicationController", ""},
    {"Pod", ""},
}};

std::string_view group_of(const Manifest& manifest) {
  const auto slash = manifest.api_version.find('/');
  const std::string_view whole = manifest.api_version;
  return slash == std::string_view::npos ? std::string_view() : whole.substr(0, slash);
}

bool is_owner_to_name_by(const Node& reference) {
  const Node* kind = reference.find("kind");
  const Node* name = reference.find("name");
  return kind != nullptr && kind->is_scalar() && !kind->text.empty() && kind->text != "Node" &&
         name != nullptr && name->is_scalar() && !name->text.empty();
}

bool is_controller(const Node& reference) {
  const Node* flag = reference.find("controller");
  return flag != nullptr && flag->is_scalar() && flag->text == "true";
}

std::optional<OwnerKey> owner_of(const ObjectMeta& meta, const std::string& namespace_name) {
  if (meta.owner_references == nullptr || !meta.owner_references->is_sequence()) {
    return std::nullopt;
  }
  const auto all = meta.owner_references->items;
  const auto controller =
      std::find_if(all.begin(), all.end(), [](const Node* item) { return is_controller(*item); });
  const Node* chosen = controller != all.end() ? *controller : nullptr;
  if (chosen == nullptr && all.size() == 1) {
    chosen = all.front();
  }
  if (chosen == nullptr || !is_owner_to_name_by(*chosen)) {
    return std::nullopt;
  }
  return OwnerKey{namespace_name,
                  std::string(chosen->find("kind")->text),
                  std::string(chosen->find("name")->text)};
}

void read_status(const Node& status, ReadWorkload& workload) {
  const Node* phase = status.find("phase");
  workload.completed = phase != nullptr && (phase->text == "Succeeded" || phase->text == "Failed");
  const auto add = [&](const Node* node) {
    const auto address =
        node != nullptr && node->is_scalar() ? IpAddress::parse(node->text) : std::nullopt;
    if (address && std::find(workload.addresses.begin(), workload.addresses.end(), *address) ==
                       workload.addresses.end()) {
      workload.addresses.push_back(*address);
    }
  };
  add(status.find("podIP"));
  if (const Node* list = status.find("podIPs"); list != nullptr) {
    for (const Node* item : list->items) {
      add(item->find("ip"));
    }
  }
}

/// The node that holds the pod template of a workload kind.
const Node* template_of(Fields& spec, const std::string& kind, Findings& findings) {
  if (kind != "CronJob") {
    return spec.require("template");
  }
  const Node* job = spec.require("jobTemplate");
  const Node* job_spec = job == nullptr ? nullptr : job->find("spec");
  const Node* found = job_spec == nullptr ? nullptr : job_spec->find("template");
  if (job != nullptr && found == nullptr) {
    findings.error(*job, "jobTemplate: \"spec.template\" is missing");
  }
  return found;
}

void read_workload_spec(const Node& node,
                        const std::string& kind,
                        ReadWorkload& workload,
                        Findings& findings) {
  Fields spec(node, "spec", findings);
  skip_workload_spec_keys(spec);
  const Node* replicas = spec.get("replicas");
  workload.counts = replicas == nullptr || replicas->text != "0";
  if (const Node* found = template_of(spec, kind, findings)) {
    read_pod_template(*found, workload.pod, findings);
  }
  spec.finish();
}

}  // namespace

bool is_workload(const Manifest& manifest) {
  return std::any_of(kWorkloads.begin(), kWorkloads.end(), [&](const KnownKind& known) {
    const auto group = group_of(manifest);
    return manifest.kind == known.kind &&
           (group == known.group || (known.group == "apps" && group == "extensions"));
  });
}

bool is_service(const Manifest& manifest) {
  return manifest.kind == "Service" && group_of(manifest).empty();
}

bool is_namespace(const Manifest& manifest) {
  return manifest.kind == "Namespace" && group_of(manifest).empty();
}

std::optional<ReadWorkload> read_workload(const Manifest& manifest,
                                          std::string_view default_namespace,
                                          Findings& findings) {
  const auto errors_before = findings.error_count();
  Fields object(*manifest.node, manifest.kind, findings);
  object.skip({"apiVersion", "kind"});
  const ObjectMeta meta = read_metadata(object, NameRule::dns_subdomain, findings);
  const std::string ns = meta.namespace_name.value_or(std::string(default_namespace));
  ReadWorkload workload;
  workload.self = {ns, manifest.kind, meta.name};
  workload.owner = owner_of(meta, ns);
  workload.pod.where = findings.place(*meta.place);
  const bool is_pod = manifest.kind == "Pod";
  // No pod can be named so, and so nothing that stands in for a workload is mistaken for a pod.
  workload.pod.id = {ns, is_pod ? meta.name : meta.name + "[" + manifest.kind + "]"};
  const Node* status = object.get("status");
  const Node* spec = object.require("spec");
  if (is_pod) {
    workload.pod.labels = meta.labels;
    if (spec != nullptr) {
      read_pod_spec(*spec, workload.pod, findings);
    }
    if (status != nullptr) {
      read_status(*status, workload);
    }
  } else if (spec != nullptr) {
    read_workload_spec(*spec, manifest.kind, workload, findings);
  }
  object.finish();
  return findings.error_count() == errors_before ? std::optional(workload) : std::nullopt;
}

std::optional<Namespace> read_namespace(const Manifest& manifest, Findings& findings) {
  const auto errors_before = findings.error_count();
  Fields object(*manifest.node, "Namespace", findings);
  object.skip({"apiVersion", "kind", "spec", "status"});
  ObjectMeta meta = read_metadata(object, NameRule::dns_label, findings);
  object.finish();
  Namespace ns{meta.name, std::move(meta.labels), false, findings.place(*meta.place)};
  ns.labels[std::string(kMetadataName)] = ns.name;
  return findings.error_count() == errors_before ? std::optional(ns) : std::nullopt;
}

std::optional<Service> read_service(const Manifest& manifest,
                                    std::string_view default_namespace,
                                    Findings& findings) {
  const auto errors_before = findings.error_count();
  Fields object(*manifest.node, "Service", findings);
  object.skip({"apiVersion", "kind", "status"});
  const ObjectMeta meta = read_metadata(object, NameRule::service_name, findings);
  Service service;
  service.id = {meta.namespace_name.value_or(std::string(default_namespace)), meta.name};
  service.where = findings.place(*meta.place);
  if (const Node* spec = object.get("spec")) {
    read_service_spec(*spec, service, findings);
  }
  object.finish();
  return findings.error_count() == errors_before ? std::optional(service) : std::nullopt;
}

}  // namespace nettest
