#include "tests/live/node-agent/cluster_objects.hpp"

#include "suites/manifests.hpp"

namespace nettest {

namespace {

using Json = nlohmann::json;

Json part(const Json& object, const char* name) {
  return object.contains(name) ? object.at(name) : Json::object();
}

std::string text(const Json& object, const char* name) {
  return object.value(name, std::string());
}

Json kept_metadata(const Json& object) {
  const Json metadata = part(object, "metadata");
  Json kept = {{"name", text(metadata, "name")}, {"labels", part(metadata, "labels")}};
  if (metadata.contains("namespace")) {
    kept["namespace"] = metadata["namespace"];
  }
  return kept;
}

Json kept_containers(const Json& spec) {
  Json containers = Json::array();
  for (const Json& container : spec.value("containers", Json::array())) {
    containers.push_back({{"name", text(container, "name")},
                          {"image", "any"},
                          {"ports", container.value("ports", Json::array())}});
  }
  return containers;
}

/// The object without what servers write into it.
Json kept(const Json& object) {
  const std::string kind = text(object, "kind");
  Json result = {{"apiVersion", text(object, "apiVersion")},
                 {"kind", kind},
                 {"metadata", kept_metadata(object)}};
  if (kind == "NetworkPolicy") {
    result["spec"] = part(object, "spec");
  } else if (kind == "Pod") {
    const Json spec = part(object, "spec");
    const Json status = part(object, "status");
    result["spec"] = {{"containers", kept_containers(spec)},
                      {"hostNetwork", spec.value("hostNetwork", false)}};
    result["status"] = {{"podIP", text(status, "podIP")},
                        {"podIPs", status.value("podIPs", Json::array())}};
  }
  return result;
}

std::string key_of(const Json& object) {
  const Json metadata = part(object, "metadata");
  return text(object, "kind") + " " + text(metadata, "namespace") + "/" + text(metadata, "name");
}

/// A pod without an address yet, or that has ended, has no end of a connection.
bool has_address(const Json& object) {
  const Json status = part(object, "status");
  const std::string phase = text(status, "phase");
  return !text(status, "podIP").empty() && phase != "Succeeded" && phase != "Failed";
}

}  // namespace

void ClusterObjects::put(const Json& object) {
  if (text(object, "kind") == "Pod" && !has_address(object)) {
    remove(object);
    return;
  }
  const Json metadata = part(object, "metadata");
  kept_[key_of(object)] = {kept(object).dump(),
                           {text(metadata, "namespace"), text(metadata, "name")},
                           text(part(object, "spec"), "nodeName")};
}

void ClusterObjects::remove(const Json& object) {
  kept_.erase(key_of(object));
}

Result<KnownState> ClusterObjects::read() const {
  ManifestReader reader({});
  for (const auto& [key, object] : kept_) {
    reader.add(object.manifest, key);
  }
  auto inventory = reader.finish();
  if (!inventory) {
    return tl::unexpected(inventory.error().front().while_doing("read the cluster's objects"));
  }
  KnownState known{std::move(inventory->state), std::move(inventory->addresses)};
  for (const auto& [key, object] : kept_) {
    if (!object.node.empty()) {
      known.addresses.node_of[object.pod] = object.node;
    }
  }
  return known;
}

}  // namespace nettest
