#include "suites/pod_template.hpp"

#include <utility>

#include "base/text.hpp"
#include "suites/names.hpp"

namespace nettest {

namespace {

constexpr std::int64_t kHighestPort = 65535;

// Keys of https://kubernetes.io/docs/reference/kubernetes-api/ (v1.32) that do not matter to
// connectivity.

void skip_pod_spec_keys(Fields& fields) {
  fields.skip({"activeDeadlineSeconds",
               "affinity",
               "automountServiceAccountToken",
               "dnsConfig",
               "dnsPolicy",
               "enableServiceLinks",
               "ephemeralContainers",
               "hostAliases",
               "hostIPC",
               "hostPID",
               "hostUsers",
               "hostname",
               "hostnameOverride",
               "imagePullSecrets",
               "nodeName",
               "nodeSelector",
               "os",
               "overhead",
               "preemptionPolicy",
               "priority",
               "priorityClassName",
               "readinessGates",
               "resourceClaims",
               "resources",
               "restartPolicy",
               "runtimeClassName",
               "schedulerName",
               "schedulingGates",
               "securityContext",
               "serviceAccount",
               "serviceAccountName",
               "setHostnameAsFQDN",
               "shareProcessNamespace",
               "subdomain",
               "terminationGracePeriodSeconds",
               "tolerations",
               "topologySpreadConstraints",
               "volumes",
               "workloadRef"});
}

void skip_container_keys(Fields& fields) {
  fields.skip({"name",
               "image",
               "args",
               "command",
               "env",
               "envFrom",
               "imagePullPolicy",
               "lifecycle",
               "livenessProbe",
               "readinessProbe",
               "startupProbe",
               "resizePolicy",
               "resources",
               "restartPolicy",
               "restartPolicyRules",
               "securityContext",
               "stdin",
               "stdinOnce",
               "terminationMessagePath",
               "terminationMessagePolicy",
               "tty",
               "volumeDevices",
               "volumeMounts",
               "workingDir"});
}

void skip_service_spec_keys(Fields& fields) {
  fields.skip({"allocateLoadBalancerNodePorts",
               "clusterIPs",
               "externalIPs",
               "externalName",
               "externalTrafficPolicy",
               "healthCheckNodePort",
               "internalTrafficPolicy",
               "ipFamilyPolicy",
               "loadBalancerClass",
               "loadBalancerIP",
               "loadBalancerSourceRanges",
               "publishNotReadyAddresses",
               "sessionAffinity",
               "sessionAffinityConfig",
               "trafficDistribution",
               "type"});
}

void read_container_port(const Node& node, Pod& pod, Findings& findings) {
  Fields fields(node, "container port", findings);
  fields.skip({"hostIP", "hostPort"});
  ContainerPort port;
  if (const Node* name = fields.get("name")) {
    port.name = read_text(*name, "name", findings).value_or("");
    if (const auto fault = fault_of_port_name(port.name)) {
      findings.error(*name, "name: \"" + printable(port.name) + "\" is no port name: it " + *fault);
    }
  }
  if (const Node* protocol = fields.get("protocol")) {
    port.protocol = read_protocol(*protocol, findings).value_or(Protocol::tcp);
  }
  fields.require("containerPort");
  port.port = static_cast<Port>(fields.integer("containerPort", 1, kHighestPort).value_or(0));
  fields.finish();
  pod.ports.push_back(std::move(port));
}

void read_container(const Node& node, Pod& pod, Findings& findings) {
  Fields fields(node, "container", findings);
  skip_container_keys(fields);
  for (const Node* port : fields.list("ports")) {
    read_container_port(*port, pod, findings);
  }
  fields.finish();
}

/// An init container serves only while the pod runs when it is a sidecar.
bool is_sidecar(const Node& container) {
  const Node* policy = container.find("restartPolicy");
  return policy != nullptr && policy->is_scalar() && policy->text == "Always";
}

void read_service_port(const Node& node, Service& service, Findings& findings) {
  Fields fields(node, "service port", findings);
  fields.skip({"nodePort", "appProtocol"});
  ServicePort port;
  port.name = fields.text("name").value_or("");
  if (const Node* protocol = fields.get("protocol")) {
    port.protocol = read_protocol(*protocol, findings).value_or(Protocol::tcp);
  }
  fields.require("port");
  port.port = static_cast<Port>(fields.integer("port", 1, kHighestPort).value_or(0));
  if (const Node* target = fields.get("targetPort")) {
    if (target->is_scalar() && type_of(*target) == ScalarType::integer) {
      const auto number = read_integer(*target, "targetPort", {1, kHighestPort}, findings);
      port.target_port = static_cast<Port>(number.value_or(0));
    } else if (auto name = read_text(*target, "targetPort", findings)) {
      port.target_port = std::move(*name);
    }
  }
  fields.finish();
  service.ports.push_back(std::move(port));
}

}  // namespace

void skip_workload_spec_keys(Fields& fields) {
  fields.skip({"replicas",
               "selector",
               "strategy",
               "minReadySeconds",
               "revisionHistoryLimit",
               "paused",
               "progressDeadlineSeconds",
               "serviceName",
               "podManagementPolicy",
               "updateStrategy",
               "volumeClaimTemplates",
               "persistentVolumeClaimRetentionPolicy",
               "ordinals",
               "template",
               "parallelism",
               "completions",
               "activeDeadlineSeconds",
               "backoffLimit",
               "backoffLimitPerIndex",
               "maxFailedIndexes",
               "podFailurePolicy",
               "podReplacementPolicy",
               "completionMode",
               "manualSelector",
               "suspend",
               "successPolicy",
               "managedBy",
               "ttlSecondsAfterFinished",
               "schedule",
               "timeZone",
               "concurrencyPolicy",
               "startingDeadlineSeconds",
               "successfulJobsHistoryLimit",
               "failedJobsHistoryLimit",
               "jobTemplate",
               "templateGeneration"});
}

void read_pod_spec(const Node& node, Pod& pod, Findings& findings) {
  Fields spec(node, "pod spec", findings);
  skip_pod_spec_keys(spec);
  pod.host_network = spec.flag("hostNetwork").value_or(false);
  for (const Node* container : spec.list("initContainers")) {
    if (is_sidecar(*container)) {
      read_container(*container, pod, findings);
    }
  }
  for (const Node* container : spec.list("containers")) {
    read_container(*container, pod, findings);
  }
  spec.finish();
}

void read_pod_template(const Node& node, Pod& pod, Findings& findings) {
  Fields fields(node, "template", findings);
  if (const Node* metadata = fields.get("metadata")) {
    if (const Node* labels = metadata->find("labels"); labels != nullptr && !labels->is_null()) {
      pod.labels = read_labels(*labels, "labels", findings);
    }
  }
  if (const Node* spec = fields.get("spec")) {
    read_pod_spec(*spec, pod, findings);
  }
  fields.finish();
}

void read_service_spec(const Node& node, Service& service, Findings& findings) {
  Fields spec(node, "spec", findings);
  skip_service_spec_keys(spec);
  if (const Node* selector = spec.get("selector")) {
    service.selector.match_labels = read_labels(*selector, "selector", findings);
  }
  for (const Node* port : spec.list("ports")) {
    read_service_port(*port, service, findings);
  }
  if (const Node* address = spec.get("clusterIP")) {
    service.headless = address->is_scalar() && address->text == "None";
  }
  std::vector<IpFamily> families;
  for (const std::string& family : spec.texts("ipFamilies")) {
    families.push_back(family == "IPv6" ? IpFamily::ipv6 : IpFamily::ipv4);
  }
  if (!families.empty()) {
    service.families = std::move(families);
  }
  spec.finish();
}

}  // namespace nettest
