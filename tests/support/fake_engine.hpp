// An engine without a network: a world in memory, a brute-force truth, a clock
// that jumps, and faults that can be switched on to see whether they are noticed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine.hpp"
#include "suites/world.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_truth.hpp"

namespace nettest {

/// The calls of an engine, for faults that strike in one of them.
enum class EngineCall { deploy, apply, probe, remove };

/// What the fake does wrong; nothing by default. Call numbers count from 1.
struct FakeFaults {
  FakeEnforcement enforcement;
  /// A probe sees the state before the last change this many times, or for so long.
  int late_attempts = 0;
  Duration late_by{};
  /// Only probes of pods on this node are late; empty: all.
  std::string late_node;
  /// Every second answer to a probe that is blocked says "connected".
  bool flaps = false;
  /// Calls of that kind that fail, with an Error of kind engine.
  std::map<EngineCall, int> fails_at;
  /// Deployment never finishes; nothing answers removal: both end at their deadline.
  bool pod_never_ready = false;
  bool namespace_stuck = false;
  /// The agent of this pod can't be talked to: its probes are unusable.
  std::optional<PodId> exec_dies;
  /// wget's exit status never arrives: its probes are unusable.
  bool exit_status_lost = false;
  /// This pod serves nothing, with or without policies.
  std::optional<PodId> dead_server;
  /// Services answer from another pod than they should.
  bool wrong_backend = false;
  /// An interrupt comes in the middle of that call.
  std::optional<std::pair<EngineCall, int>> interrupt_at;
  /// That call waits, in real time, until an interrupt comes.
  std::optional<std::pair<EngineCall, int>> hangs_at;
};

/// The faults that have a name ("ignores-egress", …), and their names, sorted.
std::optional<FakeFaults> fake_fault(std::string_view name);
std::vector<std::string> fake_fault_names();

class FakeEngine : public Engine {
 public:
  explicit FakeEngine(FakeClock& clock, FakeFaults faults = {});

  [[nodiscard]] Capabilities capabilities() const override { return capabilities_; }
  Result<AddressBook> deploy(const World& world, TimePoint deadline) override;
  Result<AddressBook> apply(std::span<const Change> changes, TimePoint deadline) override;
  Result<std::vector<Attempt>> probe(std::span<const Question> questions) override;
  [[nodiscard]] std::string by_hand(const Probe& probe) const override;
  Result<void> remove(TimePoint deadline) override;

  /// What a test may change and look at.
  Capabilities& mutable_capabilities() { return capabilities_; }
  FakeFaults& faults() { return faults_; }
  [[nodiscard]] bool deployed() const { return deployed_; }
  [[nodiscard]] const ClusterState& state() const { return now_; }
  /// Every call in order, in words: "deploy", "apply 2", "probe 12", "remove".
  [[nodiscard]] const std::vector<std::string>& log() const { return log_; }

 private:
  Result<void> enter(EngineCall call, const std::string& words);
  Attempt answer(const Question& question);
  [[nodiscard]] Signal signal_of(const Question& question, Attempt& attempt);
  [[nodiscard]] bool late(const Probe& probe);

  FakeClock& clock_;
  FakeFaults faults_;
  Capabilities capabilities_;
  bool deployed_ = false;
  ClusterState now_;
  ClusterState before_;
  AddressBook addresses_;
  AddressBook addresses_before_;
  TimePoint changed_;
  std::map<Probe, int> asked_;
  std::map<EngineCall, int> calls_;
  std::vector<std::string> log_;
};

}  // namespace nettest
