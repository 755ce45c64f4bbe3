// The engines of the installed binary.
#pragma once

#include "harness/cli/engines.hpp"
#include "harness/cli/kubernetes_factory.hpp"
#include "harness/system_clock.hpp"

namespace nettest {

struct Fault;

class InstalledEngines : public EngineFactory {
 public:
  [[nodiscard]] std::vector<std::string> names() const override { return {"local", "kubernetes"}; }
  [[nodiscard]] Clock& clock() override { return clock_; }
  void configure(const EngineSettings& settings) override { kubernetes_.configure(settings); }
  Result<int> enter(const std::string& engine, const std::function<int()>& body) override;
  Checked<void> commit_faults(const std::string& engine,
                              const std::vector<std::string>& names) override;
  [[nodiscard]] int usual_lanes(const std::string& engine) const override;
  Result<std::unique_ptr<Engine>> make(const std::string& engine, int lane) override;
  Result<std::unique_ptr<FaultableEngine>> make_faultable(int lane) override;
  Result<int> shell(const PodCommand& request) override;
  Result<std::string> cleanup(const std::string& engine) override;

 private:
  SystemClock clock_;
  KubernetesFactory kubernetes_;
  std::vector<const Fault*> faults_;
};

}  // namespace nettest
