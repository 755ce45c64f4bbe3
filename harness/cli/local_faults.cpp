#include "harness/cli/local_faults.hpp"

#include <utility>

#include "harness/local/faults/faulty_compiler.hpp"
#include "harness/local/local_engine.hpp"

namespace nettest {

namespace {

/// A local engine that asks for its compiler each time.
class FaultableLocal final : public FaultableEngine {
 public:
  FaultableLocal() : engine_(options_for(now_)) {}

  [[nodiscard]] Engine& engine() override { return engine_; }
  void commit(const Fault* fault) override {
    now_->enforcement = fault == nullptr ? Enforcement() : enforcement_with({fault});
    now_->changed = true;
  }

 private:
  struct Now {
    Enforcement enforcement;
    bool changed = false;
  };

  static LocalOptions options_for(const std::shared_ptr<Now>& now) {
    LocalOptions options;
    options.compile = [now](const NodeInput& input) { return now->enforcement.compile(input); };
    options.overdue = [now] {
      const bool changed = std::exchange(now->changed, false);
      return changed || (now->enforcement.overdue && now->enforcement.overdue());
    };
    return options;
  }

  std::shared_ptr<Now> now_ = std::make_shared<Now>();
  LocalEngine engine_;
};

}  // namespace

std::unique_ptr<Engine> local_engine_with(const std::vector<const Fault*>& faults) {
  if (faults.empty()) {
    return std::make_unique<LocalEngine>();
  }
  Enforcement wrong = enforcement_with(faults);
  LocalOptions options;
  options.compile = std::move(wrong.compile);
  options.overdue = std::move(wrong.overdue);
  return std::make_unique<LocalEngine>(std::move(options));
}

std::unique_ptr<FaultableEngine> faultable_local_engine() {
  return std::make_unique<FaultableLocal>();
}

}  // namespace nettest
