// The whole catalogue on real packets, over IPv4 and IPv6: the local engine must say what the
// simulator says of every cell that it can ask.
#include "suites/catalogue/catalogue.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/lane.hpp"
#include "harness/local/private_world.hpp"
#include "harness/plan.hpp"
#include "harness/system_clock.hpp"
#include "probes/simulator/simulator.hpp"
#include "tests/local/ask.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

/// The catalogue is split, so that its time-outs pass side by side.
constexpr std::size_t kParts = 6;

class CataloguePackets : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (private_world() == nullptr) {
      GTEST_SKIP() << why_no_world();
    }
  }

  /// The probes of a step in every family, without SCTP, which the engine cannot ask.
  std::vector<Probe> probes_of(const Step& step) {
    Suite asking = suite_;
    MatrixSpec both;
    both.families = {IpFamily::ipv4};
    if (engine_.capabilities().families.contains(IpFamily::ipv6)) {
      both.families.push_back(IpFamily::ipv6);
    }
    asking.probes = {ProbeSpec{both, {}}};
    asking.cases.clear();
    auto probes = probes_of_step(asking, step, lane_.state().world, lane_.addresses()).value();
    std::erase_if(probes, [](const Probe& one) { return one.protocol == Protocol::sctp; });
    return probes;
  }

  void judge(const std::string& where, const Step& step) {
    const auto probes = probes_of(step);
    const Simulator simulator(lane_.state(), lane_.addresses());
    std::vector<Verdict> expected;
    for (const Probe& probe : probes) {
      expected.push_back(simulator.verdict(probe));
    }
    const auto attempts = ask_patiently(engine_, probes, expected);
    for (std::size_t i = 0; i < probes.size(); ++i) {
      const auto seen =
          observed(attempts[i].signal) == Observed::allowed ? Verdict::allowed : Verdict::blocked;
      ASSERT_TRUE(expected[i] == Verdict::either || expected[i] == seen)
          << where << ": " << to_string(probes[i]) << ": simulator " << to_string(expected[i])
          << " (" << explain(simulator.predict(probes[i])) << "), packets "
          << to_string(attempts[i].signal);
    }
    asked_ += probes.size();
  }

  const Suite suite_ = *builtin_suite("conformance");
  LocalEngine engine_;
  SystemClock clock_;
  RunOptions options_;
  Lane lane_{suite_.world, engine_, clock_, options_};
  std::size_t asked_ = 0;
};

TEST_P(CataloguePackets, SayWhatTheSimulatorSays) {
  for (std::size_t i = GetParam(); i < suite_.cases.size(); i += kParts) {
    const Case& one = suite_.cases[i];
    const auto bare = lane_.make_bare();
    ASSERT_TRUE(bare) << to_string(bare.error());
    for (const Step& step : one.steps) {
      const std::string where = one.name + ", " + step.name;
      const auto applied = lane_.apply(step.changes);
      ASSERT_TRUE(applied) << where << ": " << to_string(applied.error());
      judge(where, step);
    }
  }
  EXPECT_GT(asked_, suite_.cases.size() / kParts * 324);
  const auto removed = lane_.remove();
  EXPECT_TRUE(removed) << to_string(removed.error());
}

INSTANTIATE_TEST_SUITE_P(Part, CataloguePackets, testing::Range(std::size_t{0}, kParts));

}  // namespace
}  // namespace nettest
