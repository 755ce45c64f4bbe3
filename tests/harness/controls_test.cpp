// Positive controls, as far as the runner's tests do not reach.
#include "harness/controls.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.hpp"

namespace nettest {
namespace {

/// Answers nothing in a short time, and everything in a long one.
class SlowEngine : public Engine {
 public:
  [[nodiscard]] Capabilities capabilities() const override { return {}; }
  Result<AddressBook> deploy(const World& /*world*/, TimePoint /*deadline*/) override {
    return AddressBook();
  }
  Result<AddressBook> apply(std::span<const Change> /*changes*/, TimePoint /*deadline*/) override {
    return AddressBook();
  }
  Result<std::vector<Attempt>> probe(std::span<const Question> questions) override {
    std::vector<Attempt> attempts;
    for (const auto& question : questions) {
      Attempt attempt;
      attempt.signal =
          question.timeout < std::chrono::seconds(1) ? Signal::timed_out : Signal::connected;
      attempts.push_back(attempt);
    }
    return attempts;
  }
  [[nodiscard]] std::string by_hand(const Probe& /*probe*/) const override { return ""; }
  Result<void> remove(TimePoint /*deadline*/) override { return {}; }
};

// A pod that asks itself through its own service: `either`, and a first look proves nothing.
TEST(ControlsTest, APathThatMayBeOpenIsNotClosedAfterOneHastyLook) {
  ClusterState state;
  state.world.namespaces = {{"x", {}, false, {}}};
  Pod pod;
  pod.id = {"x", "a"};
  pod.labels = {{"app", "a"}};
  pod.ports = {{"", 80, Protocol::tcp, Serve::plain}};
  state.world.pods = {pod};
  Service service;
  service.id = {"x", "a"};
  service.selector.match_labels = {{"app", "a"}};
  service.ports = {{"", 80, Protocol::tcp, {}}};
  state.world.services = {service};
  AddressBook addresses;
  addresses.pods[pod.id] = {*IpAddress::parse("10.0.0.1")};
  addresses.services[service.id] = {*IpAddress::parse("10.1.0.1")};
  Probe probe;
  probe.from = pod.id;
  probe.to = service.id;
  probe.by = By::service_ip;
  probe.port = 80;

  FakeClock clock;
  SlowEngine engine;
  RoundTripTimes times;
  ControlBook book;
  const auto settled = take_controls({engine, clock, times, {}}, state, addresses, {probe}, book);
  EXPECT_FALSE(settled.error);
  EXPECT_EQ(book.of(probe), Control::open);
}

}  // namespace
}  // namespace nettest
