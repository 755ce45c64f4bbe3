// The world's values as objects of the Kubernetes API, for server-side apply. Pure.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/kubernetes/placement.hpp"
#include "suites/network_policy.hpp"
#include "suites/world.hpp"

namespace nettest {

using Json = nlohmann::json;

/// How pods are made.
struct PodStyle {
  /// Any image with a shell.
  std::string image = "registry.k8s.io/e2e-test-images/agnhost:2.56";
  /// Put in front of every image, in place of its own registry.
  std::string registry = {};
  std::string pull_secret = {};
  /// The pods serve by themselves (BusyBox httpd), because no agent will.
  bool serve_by_image = false;
};

/// Where the agent and the notes of wget go in a pod.
inline constexpr const char* kPodFolder = "/nettest";
inline constexpr const char* kContainer = "pod";

/// "registry.example/library/nginx:1" of "docker.io/library/nginx:1".
std::string image_of(const Pod& pod, const PodStyle& style);
/// Says whether the image serves, instead of the agent.
bool serves_by_itself(const Pod& pod, const PodStyle& style);

Json namespace_object(const Namespace& value, const Placement& placement, const Labels& notes);
/// Restricted Pod Security Standard; `hostname` pins it to a node where that is known.
Json pod_object(const Pod& pod,
                const Placement& placement,
                const PodStyle& style,
                const std::string& hostname);
Json service_object(const Service& service, const Placement& placement);
/// Selectors on kubernetes.io/metadata.name are mapped to the real names.
Json policy_object(const NetworkPolicy& policy, const Placement& placement);

/// "/api/v1/namespaces/x/pods/p", of real names.
std::string namespace_path(const std::string& name);
std::string pod_path(const std::string& namespace_name, const std::string& name);
std::string service_path(const std::string& namespace_name, const std::string& name);
std::string policy_path(const std::string& namespace_name, const std::string& name);

}  // namespace nettest
