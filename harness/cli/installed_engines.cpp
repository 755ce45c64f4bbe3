#include "harness/cli/installed_engines.hpp"

#include "harness/local/local_engine.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/shell.hpp"

namespace nettest {

namespace {

bool is_kubernetes(const std::string& engine) {
  return engine == "kubernetes";
}

}  // namespace

Result<int> InstalledEngines::enter(const std::string& engine, const std::function<int()>& body) {
  if (is_kubernetes(engine)) {
    return body();
  }
  return run_in_private_world(body);
}

Result<std::unique_ptr<Engine>> InstalledEngines::make(const std::string& engine) {
  if (is_kubernetes(engine)) {
    return kubernetes_.make(1);
  }
  return std::make_unique<LocalEngine>();
}

Result<int> InstalledEngines::shell(const PodCommand& request) {
  ShellRequest local;
  local.pod = request.pod;
  local.run = request.run;
  local.command = request.command;
  return run_in_pod(local);
}

Result<std::string> InstalledEngines::cleanup(const std::string& engine) {
  if (is_kubernetes(engine)) {
    return kubernetes_.cleanup();
  }
  return std::string(
      "Nothing to clean up: a world of the local engine lives in namespaces and on a tmpfs of its "
      "own process, and ends with it, however it ends.");
}

}  // namespace nettest
