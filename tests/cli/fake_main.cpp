// nettest-fake: the same command line over the fake engine, for tests of the
// commands. `--fake-fault NAME` anywhere switches a fault on.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "harness/cli/app.hpp"
#include "tests/support/fake_engine.hpp"

namespace {

using namespace nettest;  // NOLINT(google-build-using-namespace)

class FakeEngines : public EngineFactory {
 public:
  FakeEngines(FakeFaults faults, bool refuses) : faults_(std::move(faults)), refuses_(refuses) {}

  [[nodiscard]] std::vector<std::string> names() const override { return {"fake"}; }
  [[nodiscard]] Clock& clock() override { return clock_; }
  void configure(const EngineSettings& /*settings*/) override {}
  Result<int> enter(const std::string& /*engine*/, const std::function<int()>& body) override {
    return body();
  }
  [[nodiscard]] int usual_lanes(const std::string& /*engine*/) const override { return 1; }
  Result<std::unique_ptr<Engine>> make(const std::string& /*engine*/, int /*lane*/) override {
    if (refuses_) {
      return fail(ErrorKind::engine, "this user may not; grant it:\nkind: ClusterRole\nrules: []");
    }
    std::fputs("fake engine made\n", stderr);
    return std::make_unique<FakeEngine>(clock_, faults_);
  }
  Result<int> shell(const PodCommand& request) override {
    std::printf("%s:%s\n", request.pod.c_str(), join(request.command, " ").c_str());
    return 0;
  }
  Result<std::string> cleanup(const std::string& /*engine*/) override {
    return std::string("nothing to clean");
  }

 private:
  FakeFaults faults_;
  /// Makes no engine, and says why in several lines.
  bool refuses_ = false;
  FakeClock clock_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  FakeFaults faults;
  const bool refuses = std::erase(args, "--fake-refusal") > 0;
  const auto flag = std::find(args.begin(), args.end(), "--fake-fault");
  if (flag != args.end() && flag + 1 != args.end()) {
    const auto fault = fake_fault(*(flag + 1));
    if (!fault) {
      std::fprintf(stderr, "faults: %s\n", join(fake_fault_names(), ", ").c_str());
      return 2;
    }
    faults = *fault;
    args.erase(flag, flag + 2);
  }
  FakeEngines engines(faults, refuses);
  return nettest_main(args, engines);
}
