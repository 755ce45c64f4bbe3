#include "harness/kubernetes/objects.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";
/// Lets a process without capabilities listen on every port; it is one of the safe ones.
constexpr const char* kLowPorts = "net.ipv4.ip_unprivileged_port_start";
constexpr Port kFirstFreePort = 1024;
/// Nobody's: the image need not know it.
constexpr int kUser = 65532;
/// Any shell can do it, and it can be killed at once.
constexpr const char* kIdle = "while :; do sleep 3600; done";

Json with_our_labels(Labels labels, const Placement& placement) {
  for (const auto& [key, value] : placement.labels()) {
    labels[key] = value;
  }
  labels.erase(kNameLabel);
  return labels;
}

Json container_ports(const Pod& pod) {
  Json ports = Json::array();
  for (const auto& port : pod.ports) {
    Json value = {{"containerPort", port.port}, {"protocol", to_string(port.protocol)}};
    if (!port.name.empty()) {
      value["name"] = port.name;
    }
    ports.push_back(std::move(value));
  }
  return ports;
}

// Serves the pod's identity by whatever the image has.
std::string serving_script(const Pod& pod) {
  const std::string folder = std::string(kPodFolder) + "/www";
  std::string script =
      "mkdir -p " + folder + "; echo " + to_string(pod.id) + " > " + folder + "/index.html; ";
  for (const auto& port : pod.ports) {
    if (port.protocol == Protocol::tcp) {
      script += "httpd -f -p " + std::to_string(port.port) + " -h " + folder + " & ";
    }
  }
  return script + kIdle;
}

Json container(const Pod& pod, const PodStyle& style) {
  Json value = {{"name", kContainer},
                {"image", image_of(pod, style)},
                {"imagePullPolicy", "IfNotPresent"},
                {"ports", container_ports(pod)},
                {"volumeMounts", {{{"name", "nettest"}, {"mountPath", kPodFolder}}}},
                {"resources", {{"requests", {{"cpu", "5m"}, {"memory", "16Mi"}}}}},
                {"securityContext",
                 {{"allowPrivilegeEscalation", false},
                  {"readOnlyRootFilesystem", pod.image.empty()},
                  {"capabilities", {{"drop", {"ALL"}}}}}}};
  if (!pod.command.empty()) {
    value["command"] = pod.command;
  } else if (pod.image.empty()) {
    value["command"] = {"sh", "-c", style.serve_by_image ? serving_script(pod) : kIdle};
  }
  return value;
}

/// Where an image brings its own servers nobody knows their ports.
bool may_serve_low_ports(const Pod& pod) {
  const auto is_low = [](const ContainerPort& port) { return port.port < kFirstFreePort; };
  return !pod.image.empty() || std::any_of(pod.ports.begin(), pod.ports.end(), is_low);
}

Json selector_object(const LabelSelector& selector) {
  Json value = Json::object();
  if (!selector.match_labels.empty()) {
    value["matchLabels"] = selector.match_labels;
  }
  for (const auto& requirement : selector.match_expressions) {
    Json expression = {{"key", requirement.key}, {"operator", to_string(requirement.op)}};
    if (!requirement.values.empty()) {
      expression["values"] = requirement.values;
    }
    value["matchExpressions"].push_back(std::move(expression));
  }
  return value;
}

LabelSelector with_real_names(LabelSelector selector, const Placement& placement) {
  if (const auto found = selector.match_labels.find(kNameLabel);
      found != selector.match_labels.end()) {
    found->second = placement.real(found->second);
  }
  for (auto& requirement : selector.match_expressions) {
    if (requirement.key == kNameLabel) {
      for (auto& value : requirement.values) {
        value = placement.real(value);
      }
    }
  }
  return selector;
}

std::string text_of(const WrittenCidr& block) {
  return block.cidr ? to_string(*block.cidr) : block.written;
}

Json peer_object(const PolicyPeer& peer, const Placement& placement) {
  Json value = Json::object();
  if (peer.pod_selector) {
    value["podSelector"] = selector_object(*peer.pod_selector);
  }
  if (peer.namespace_selector) {
    value["namespaceSelector"] =
        selector_object(with_real_names(*peer.namespace_selector, placement));
  }
  if (peer.ip_block) {
    value["ipBlock"]["cidr"] = text_of(peer.ip_block->cidr);
    for (const auto& except : peer.ip_block->except) {
      value["ipBlock"]["except"].push_back(text_of(except));
    }
  }
  return value;
}

Json port_object(const PolicyPort& port) {
  Json value = {{"protocol", to_string(port.protocol)}};
  if (const auto* number = std::get_if<Port>(&port.port)) {
    value["port"] = *number;
  } else if (const auto* name = std::get_if<std::string>(&port.port)) {
    value["port"] = *name;
  }
  if (port.end_port) {
    value["endPort"] = *port.end_port;
  }
  return value;
}

Json rules_object(const std::vector<PolicyRule>& rules,
                  const char* peers_key,
                  const Placement& placement) {
  Json list = Json::array();
  for (const auto& rule : rules) {
    Json value = Json::object();
    for (const auto& peer : rule.peers) {
      value[peers_key].push_back(peer_object(peer, placement));
    }
    for (const auto& port : rule.ports) {
      value["ports"].push_back(port_object(port));
    }
    list.push_back(std::move(value));
  }
  return list;
}

}  // namespace

std::string image_of(const Pod& pod, const PodStyle& style) {
  std::string image = pod.image.empty() ? style.image : pod.image;
  if (style.registry.empty()) {
    return image;
  }
  // The first part is a registry when it looks like a host name, as Docker reads it.
  const auto slash = image.find('/');
  const auto first = image.substr(0, slash);
  const bool has_registry =
      slash != std::string::npos &&
      (first.find_first_of(".:") != std::string::npos || first == "localhost");
  return style.registry + "/" + (has_registry ? image.substr(slash + 1) : image);
}

bool serves_by_itself(const Pod& pod, const PodStyle& style) {
  return !pod.image.empty() || !pod.command.empty() || style.serve_by_image;
}

Json namespace_object(const Namespace& value, const Placement& placement, const Labels& notes) {
  return {{"apiVersion", "v1"},
          {"kind", "Namespace"},
          {"metadata",
           {{"name", placement.real(value.name)},
            {"labels", with_our_labels(value.labels, placement)},
            {"annotations", notes}}}};
}

Json pod_object(const Pod& pod,
                const Placement& placement,
                const PodStyle& style,
                const std::string& hostname) {
  Json spec = {{"containers", {container(pod, style)}},
               {"volumes", {{{"name", "nettest"}, {"emptyDir", Json::object()}}}},
               {"automountServiceAccountToken", false},
               {"enableServiceLinks", false},
               {"restartPolicy", "Always"},
               {"terminationGracePeriodSeconds", 0},
               {"securityContext",
                {{"runAsNonRoot", true},
                 {"runAsUser", kUser},
                 {"runAsGroup", kUser},
                 {"fsGroup", kUser},
                 {"seccompProfile", {{"type", "RuntimeDefault"}}}}}};
  if (may_serve_low_ports(pod)) {
    spec["securityContext"]["sysctls"] = {{{"name", kLowPorts}, {"value", "0"}}};
  }
  if (!hostname.empty()) {
    spec["nodeSelector"] = {{"kubernetes.io/hostname", hostname}};
  }
  if (!style.pull_secret.empty()) {
    spec["imagePullSecrets"] = {{{"name", style.pull_secret}}};
  }
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata",
           {{"name", pod.id.name},
            {"namespace", placement.real(pod.id.namespace_name)},
            {"labels", with_our_labels(pod.labels, placement)}}},
          {"spec", std::move(spec)}};
}

Json service_object(const Service& service, const Placement& placement) {
  Json spec = {{"selector", service.selector.match_labels}, {"ports", Json::array()}};
  for (const auto& port : service.ports) {
    Json value = {{"port", port.port}, {"protocol", to_string(port.protocol)}};
    value["name"] = port.name.empty() ? "p" + std::to_string(spec["ports"].size()) : port.name;
    if (const auto* number = std::get_if<Port>(&port.target_port)) {
      value["targetPort"] = *number;
    } else if (const auto* name = std::get_if<std::string>(&port.target_port)) {
      value["targetPort"] = *name;
    }
    spec["ports"].push_back(std::move(value));
  }
  if (service.headless) {
    spec["clusterIP"] = "None";
  }
  for (const auto family : service.families) {
    spec["ipFamilies"].push_back(to_string(family));
  }
  spec["ipFamilyPolicy"] = service.families.size() > 1 ? "RequireDualStack" : "SingleStack";
  return {{"apiVersion", "v1"},
          {"kind", "Service"},
          {"metadata",
           {{"name", service.id.name},
            {"namespace", placement.real(service.id.namespace_name)},
            {"labels", placement.labels()}}},
          {"spec", std::move(spec)}};
}

Json policy_object(const NetworkPolicy& policy, const Placement& placement) {
  Json spec = {{"podSelector", selector_object(policy.pod_selector)},
               {"policyTypes", Json::array()},
               {"ingress", rules_object(policy.ingress, "from", placement)},
               {"egress", rules_object(policy.egress, "to", placement)}};
  if (policy.isolates_ingress) {
    spec["policyTypes"].push_back("Ingress");
  }
  if (policy.isolates_egress) {
    spec["policyTypes"].push_back("Egress");
  }
  return {{"apiVersion", "networking.k8s.io/v1"},
          {"kind", "NetworkPolicy"},
          {"metadata",
           {{"name", policy.id.name},
            {"namespace", placement.real(policy.id.namespace_name)},
            {"labels", with_our_labels(policy.labels, placement)}}},
          {"spec", std::move(spec)}};
}

std::string namespace_path(const std::string& name) {
  return "/api/v1/namespaces/" + name;
}

std::string pod_path(const std::string& namespace_name, const std::string& name) {
  return namespace_path(namespace_name) + "/pods/" + name;
}

std::string service_path(const std::string& namespace_name, const std::string& name) {
  return namespace_path(namespace_name) + "/services/" + name;
}

std::string policy_path(const std::string& namespace_name, const std::string& name) {
  return "/apis/networking.k8s.io/v1/namespaces/" + namespace_name + "/networkpolicies/" + name;
}

}  // namespace nettest
