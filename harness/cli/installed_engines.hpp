// The engines of the installed binary.
#pragma once

#include "harness/cli/engines.hpp"
#include "harness/system_clock.hpp"

namespace nettest {

class InstalledEngines : public EngineFactory {
 public:
  [[nodiscard]] std::vector<std::string> names() const override { return {"local"}; }
  [[nodiscard]] Clock& clock() override { return clock_; }
  Result<int> enter(const std::string& engine, const std::function<int()>& body) override;
  Result<std::unique_ptr<Engine>> make(const std::string& engine) override;
  Result<int> shell(const PodCommand& request) override;
  Result<std::string> cleanup(const std::string& engine) override;

 private:
  SystemClock clock_;
};

}  // namespace nettest
