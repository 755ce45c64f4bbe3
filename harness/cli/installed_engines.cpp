#include "harness/cli/installed_engines.hpp"

#include "harness/local/local_engine.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/shell.hpp"

namespace nettest {

namespace {

/// Time-outs are most of a run's time, so more lanes than processors pay.
constexpr int kLocalLanes = 6;

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

int InstalledEngines::usual_lanes(const std::string& engine) const {
  return is_kubernetes(engine) ? 1 : kLocalLanes;
}

Result<std::unique_ptr<Engine>> InstalledEngines::make(const std::string& engine, int lane) {
  if (is_kubernetes(engine)) {
    return kubernetes_.make(lane == 0 ? 1 : lane);
  }
  if (lane > 0) {
    if (auto entered = enter_private_lane(lane); !entered) {
      return tl::unexpected(entered.error());
    }
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
