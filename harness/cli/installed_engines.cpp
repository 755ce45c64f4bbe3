#include "harness/cli/installed_engines.hpp"

#include <utility>

#include "harness/cli/local_faults.hpp"
#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/shell.hpp"

namespace nettest {

namespace {

/// Time-outs are most of a run's time, so more lanes than processors pay.
/// Measured on 2 processors: 112 cases of the catalogue took 15.2 s in 6 lanes, 10.8 s in 10, 11.1
/// s in 16.
constexpr int kLocalLanes = 10;

bool is_kubernetes(const std::string& engine) {
  return engine == "kubernetes";
}

Result<void> enter_lane(int lane) {
  return lane > 0 ? enter_private_lane(lane) : Result<void>();
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
  if (auto entered = enter_lane(lane); !entered) {
    return tl::unexpected(entered.error());
  }
  return local_engine_with(faults_);
}

Checked<void> InstalledEngines::commit_faults(const std::string& engine,
                                              const std::vector<std::string>& names) {
  if (engine != "local") {
    return EngineFactory::commit_faults(engine, names);
  }
  auto found = find_faults(names);
  if (!found) {
    return tl::unexpected(found.error());
  }
  faults_ = std::move(*found);
  return {};
}

Result<std::unique_ptr<FaultableEngine>> InstalledEngines::make_faultable(int lane) {
  if (auto entered = enter_lane(lane); !entered) {
    return tl::unexpected(entered.error());
  }
  return faultable_local_engine();
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
