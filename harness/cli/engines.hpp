// The seam between the commands and the engines that a binary has, so that a test
// binary can run the same commands on another engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/cli/engine_settings.hpp"
#include "harness/engine.hpp"
#include "harness/mutation/faultable_engine.hpp"

namespace nettest {

/// A way into a pod of a world that some run holds (`nettest shell`).
struct PodCommand {
  /// "namespace/pod".
  std::string pod;
  /// Empty: an interactive shell.
  std::vector<std::string> command;
  /// The run whose world is meant; empty: the only one.
  std::string run;
};

class EngineFactory {
 public:
  EngineFactory() = default;
  EngineFactory(const EngineFactory&) = delete;
  EngineFactory& operator=(const EngineFactory&) = delete;
  virtual ~EngineFactory() = default;

  /// Names of the engines, the default first.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  /// Tells what the user said about engines; before any other call.
  virtual void configure(const EngineSettings& settings) = 0;

  /// Runs `body` where the engine can live (the local engine: in a child, in
  /// namespaces of its own) and returns its exit code. Call before any thread.
  virtual Result<int> enter(const std::string& engine, const std::function<int()>& body) = 0;

  /// Lets the engines that are made from now on enforce wrongly in these ways. Fails (kind usage)
  /// for an engine that has no faults, and for names that are none. Call before enter().
  virtual Checked<void> commit_faults(const std::string& engine,
                                      const std::vector<std::string>& names);

  /// How many lanes suit the engine, where nobody asked for a number.
  [[nodiscard]] virtual int usual_lanes(const std::string& engine) const = 0;

  /// Makes the engine of a lane; only inside of enter(). Lanes count from 1 and are
  /// processes of their own, each of which calls this once per suite; lane 0 is the
  /// only one, in the process that called enter().
  virtual Result<std::unique_ptr<Engine>> make(const std::string& engine, int lane) = 0;

  /// Makes an engine whose faults can be changed; only inside of enter("local"). Lanes are as for
  /// make().
  virtual Result<std::unique_ptr<FaultableEngine>> make_faultable(int lane);

  /// Runs a command in a pod of a world that a run holds; returns its exit code.
  virtual Result<int> shell(const PodCommand& request) = 0;

  /// Says what there was to clean up, after doing it.
  virtual Result<std::string> cleanup(const std::string& engine) = 0;
};

}  // namespace nettest
