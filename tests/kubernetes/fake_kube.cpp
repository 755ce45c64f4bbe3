#include "tests/kubernetes/fake_kube.hpp"

#include <utility>

namespace nettest {

namespace {

using Json = nlohmann::json;

Json node(const std::string& name) {
  return Json::parse(R"({
    "metadata": {"name": ")" +
                     name + R"(", "labels": {"kubernetes.io/hostname": ")" + name + R"("}},
    "spec": {"podCIDRs": ["10.0.0.0/24"]},
    "status": {"nodeInfo": {"architecture": "amd64"},
               "conditions": [{"type": "Ready", "status": "True"}],
               "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}})");
}

bool is_collection(const std::string& path) {
  for (const auto* const name :
       {"/namespaces", "/pods", "/services", "/networkpolicies", "/nodes"}) {
    if (path.ends_with(name)) {
      return true;
    }
  }
  return false;
}

// "/api/v1/pods" holds "/api/v1/namespaces/x/pods/p" too.
bool is_in(const std::string& path, const std::string& collection) {
  const auto slash = path.rfind('/');
  const auto parent = path.substr(0, slash);
  if (parent == collection) {
    return true;
  }
  return collection == "/api/v1/pods" && parent.ends_with("/pods");
}

bool fits(const Json& object, const std::string& selector) {
  std::size_t begin = 0;
  while (begin < selector.size()) {
    const auto end = std::min(selector.find(',', begin), selector.size());
    const auto term = selector.substr(begin, end - begin);
    const auto equals = std::min(term.find('='), term.size());
    const auto labels = object["metadata"].value("labels", Json::object());
    const auto found = labels.find(term.substr(0, equals));
    if (found == labels.end() || (equals < term.size() && *found != term.substr(equals + 1))) {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

ScriptedReply not_found(const std::string& path) {
  return {404, status_body(404, "NotFound", path + " not found")};
}

}  // namespace

FakeKube::FakeKube()
    : pod_status(Json::parse(R"({"phase": "Running", "podIPs": [{"ip": "127.0.0.1"}],
                                 "conditions": [{"type": "Ready", "status": "True"}]})")),
      api_([this](const ScriptedRequest& request) { return answer(request); }) {
  put("/api/v1/nodes/node-a", node("node-a"));
  put("/api/v1/nodes/node-b", node("node-b"));
  put("/api/v1/namespaces/kube-system", {{"metadata", {{"name", "kube-system"}}}});
}

void FakeKube::put(const std::string& path, Json object) {
  auto& metadata = object["metadata"];
  const auto old = objects.find(path);
  metadata["uid"] = old == objects.end() ? Json("uid" + std::to_string(version_))
                                         : old->second["metadata"]["uid"];
  metadata["resourceVersion"] = std::to_string(++version_);
  objects[path] = std::move(object);
}

void FakeKube::remove(const std::string& path) {
  if (namespaces_stick && path.find("/namespaces/") == path.rfind('/') - 11) {
    return;
  }
  std::erase_if(objects, [&path](const auto& entry) {
    return entry.first == path || entry.first.rfind(path + "/", 0) == 0;
  });
}

ScriptedReply FakeKube::list(const ScriptedRequest& request) {
  if (request.query.count("watch") != 0) {
    ScriptedReply silence;
    silence.pieces = {"\n"};
    silence.open = true;
    return silence;
  }
  const auto selector = request.query.find("labelSelector");
  Json items = Json::array();
  for (const auto& [path, object] : objects) {
    if (is_in(path, request.path) &&
        (selector == request.query.end() || fits(object, selector->second))) {
      items.push_back(object);
    }
  }
  const Json whole = {{"metadata", {{"resourceVersion", std::to_string(version_)}}},
                      {"items", std::move(items)}};
  return {200, whole.dump()};
}

ScriptedReply FakeKube::get(const ScriptedRequest& request) {
  if (request.path == "/version") {
    return {200, R"({"gitVersion": "v1.34.4"})"};
  }
  if (is_collection(request.path)) {
    return list(request);
  }
  const auto found = objects.find(request.path);
  return found == objects.end() ? not_found(request.path)
                                : ScriptedReply{200, found->second.dump()};
}

ScriptedReply FakeKube::answer(const ScriptedRequest& request) {
  if (auto said = before(request)) {
    return *said;
  }
  if (request.method == "GET") {
    return get(request);
  }
  if (request.method == "POST") {
    return {201, R"({"status": {"allowed": true}})"};
  }
  if (request.method == "DELETE") {
    if (objects.count(request.path) == 0) {
      return not_found(request.path);
    }
    remove(request.path);
    return {200, "{}"};
  }
  auto object = Json::parse(request.body);
  if (object["kind"] == "Pod") {
    object["status"] = pod_status;
    object["spec"]["nodeName"] = object["spec"]["nodeSelector"]["kubernetes.io/hostname"];
  } else if (object["kind"] == "Service") {
    object["spec"]["clusterIPs"] = {"127.0.0.1"};
  }
  put(request.path, std::move(object));
  return {200, objects[request.path].dump()};
}

}  // namespace nettest
