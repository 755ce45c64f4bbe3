// A cluster in memory behind the scripted API: it keeps what is applied, and its pods are ready at
// once, with the address of this machine.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/kubernetes/scripted_api.hpp"

namespace nettest {

class FakeKube {
 public:
  FakeKube();

  [[nodiscard]] ScriptedApi& api() { return api_; }
  /// Asked first; what it returns is said instead. Set it before, or between, calls of the engine.
  std::function<std::optional<ScriptedReply>(const ScriptedRequest&)> before =
      [](const ScriptedRequest&) { return std::nullopt; };
  /// The status of new pods.
  nlohmann::json pod_status;
  /// Deleted namespaces stay.
  bool namespaces_stick = false;

  /// What is stored, by path.
  std::map<std::string, nlohmann::json> objects;

  void put(const std::string& path, nlohmann::json object);

 private:
  ScriptedReply answer(const ScriptedRequest& request);
  ScriptedReply get(const ScriptedRequest& request);
  ScriptedReply list(const ScriptedRequest& request);
  void remove(const std::string& path);

  int version_ = 1;
  ScriptedApi api_;
};

}  // namespace nettest
