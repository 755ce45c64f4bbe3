#include "harness/kubernetes/pod_status.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kLongestMessage = 300;

const Json& at(const Json& object, const char* key) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text(const Json& object, const char* key) {
  const auto& value = at(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

bool condition_holds(const Json& status, const char* type) {
  for (const auto& condition : at(status, "conditions")) {
    if (text(condition, "type") == type) {
      return text(condition, "status") == "True";
    }
  }
  return false;
}

constexpr std::string_view kSysctlForbidden = "SysctlForbidden";
constexpr const char* kWithoutSysctl =
    ". nettest's pods ask for the safe sysctl net.ipv4.ip_unprivileged_port_start where they serve "
    "ports below 1024: allow it on the nodes, or give the pods of the suite ports from 1024 on";

void set_reason(PodStatus& pod, const std::string& reason, const std::string& message) {
  pod.reason = reason;
  pod.waiting = reason + (message.empty() ? "" : ": " + printable(message, kLongestMessage)) +
                (reason == kSysctlForbidden ? kWithoutSysctl : "");
}

void find_reason(const Json& status, PodStatus& pod) {
  for (const auto& condition : at(status, "conditions")) {
    if (text(condition, "type") == "PodScheduled" && text(condition, "status") == "False") {
      set_reason(pod, text(condition, "reason"), text(condition, "message"));
      return;
    }
  }
  for (const auto& container : at(status, "containerStatuses")) {
    const auto& state = at(container, "state");
    for (const auto* const key : {"waiting", "terminated"}) {
      const auto& value = at(state, key);
      if (value.is_object() && !text(value, "reason").empty()) {
        set_reason(pod, text(value, "reason"), text(value, "message"));
        return;
      }
    }
  }
  if (!text(status, "reason").empty()) {
    set_reason(pod, text(status, "reason"), text(status, "message"));
    return;
  }
  const auto phase = text(status, "phase");
  set_reason(pod, phase == "Running" ? "not ready yet" : phase.empty() ? "Pending" : phase, "");
}

bool keeps_pods_away(const Json& node) {
  const auto& spec = at(node, "spec");
  if (at(spec, "unschedulable") == true) {
    return true;
  }
  const auto& taints = at(spec, "taints");
  return std::any_of(taints.begin(), taints.end(), [](const Json& taint) {
    return text(taint, "effect") == "NoSchedule" || text(taint, "effect") == "NoExecute";
  });
}

}  // namespace

std::vector<IpAddress> addresses_in(const Json& list) {
  std::vector<IpAddress> addresses;
  for (const auto& entry : list) {
    const auto& value = entry.is_object() ? at(entry, "ip") : entry;
    const auto address =
        value.is_string() ? IpAddress::parse(value.get<std::string>()) : std::nullopt;
    if (address) {
      addresses.push_back(*address);
    }
  }
  return addresses;
}

PodStatus status_of_pod(const Json& pod) {
  PodStatus result;
  const auto& status = at(pod, "status");
  result.node = text(at(pod, "spec"), "nodeName");
  result.addresses = addresses_in(at(status, "podIPs"));
  const bool going = at(at(pod, "metadata"), "deletionTimestamp").is_string();
  result.ready = !going && condition_holds(status, "Ready") && !result.addresses.empty();
  if (!result.ready) {
    find_reason(status, result);
  }
  return result;
}

bool is_hopeless(const PodStatus& status) {
  constexpr std::array<std::string_view, 6> kHopeless = {"InvalidImageName",
                                                         "ErrImageNeverPull",
                                                         "CreateContainerConfigError",
                                                         kSysctlForbidden,
                                                         "Evicted",
                                                         "ImageInspectError"};
  return std::find(kHopeless.begin(), kHopeless.end(), status.reason) != kHopeless.end();
}

std::string name_of(const Json& object) {
  const auto& metadata = at(object, "metadata");
  return text(metadata, "namespace") + "/" + text(metadata, "name");
}

std::vector<ClusterNode> usable_nodes(const std::vector<Json>& nodes) {
  std::vector<ClusterNode> usable;
  for (const auto& node : nodes) {
    const auto& status = at(node, "status");
    if (keeps_pods_away(node) || !condition_holds(status, "Ready")) {
      continue;
    }
    ClusterNode value;
    value.name = text(at(node, "metadata"), "name");
    value.hostname = text(at(at(node, "metadata"), "labels"), "kubernetes.io/hostname");
    value.architecture = text(at(status, "nodeInfo"), "architecture");
    for (const auto& address : at(status, "addresses")) {
      const auto parsed = IpAddress::parse(text(address, "address"));
      if (text(address, "type") == "InternalIP" && parsed) {
        value.addresses.push_back(*parsed);
      }
    }
    usable.push_back(std::move(value));
  }
  return usable;
}

std::vector<IpFamily> pod_families(const std::vector<Json>& nodes, const std::vector<Json>& pods) {
  std::set<IpFamily> families;
  for (const auto& pod : pods) {
    if (at(at(pod, "spec"), "hostNetwork") != true) {
      for (const auto& address : addresses_in(at(at(pod, "status"), "podIPs"))) {
        families.insert(address.family());
      }
    }
  }
  if (!families.empty()) {
    return {families.begin(), families.end()};
  }
  for (const auto& node : nodes) {
    for (const auto& block : at(at(node, "spec"), "podCIDRs")) {
      if (const auto cidr = Cidr::parse(block.is_string() ? block.get<std::string>() : "")) {
        families.insert(cidr->family());
      }
    }
  }
  if (families.empty()) {
    families.insert(IpFamily::ipv4);
  }
  return {families.begin(), families.end()};
}

}  // namespace nettest
