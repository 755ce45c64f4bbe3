// Makes kubernetes engines as the command line wants them. A shell over harness/kubernetes.
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "harness/cli/engine_settings.hpp"
#include "harness/engine.hpp"

namespace nettest {

class Cluster;

/// Connects once per process.
class KubernetesFactory {
 public:
  void configure(EngineSettings settings);
  Result<std::unique_ptr<Engine>> make(int lane);
  Result<std::string> cleanup();

 private:
  Result<std::shared_ptr<Cluster>> connect();

  EngineSettings settings_;
  std::shared_ptr<Cluster> cluster_;
  /// A forked process must not use what its parent started.
  int connected_by_ = 0;
};

}  // namespace nettest
