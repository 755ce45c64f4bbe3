// One private copy of a suite's world, and what is in it at the moment. A shell
// over the Engine seam.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/engine.hpp"
#include "harness/runner.hpp"
#include "suites/change.hpp"
#include "suites/suite.hpp"

namespace nettest {

class Lane {
 public:
  /// All three outlive the lane.
  Lane(const World& world, Engine& engine, Clock& clock, const RunOptions& options);

  /// Brings the world as the suite declares it, without policies: deploys it, or
  /// undoes what was changed; and makes everything anew where an engine error has
  /// left it in doubt.
  Result<void> make_bare();

  /// Makes a step's changes. Placeholders are filled with the addresses of the
  /// moment, those of pods and services that the step itself creates included.
  Result<void> apply(const std::vector<Change>& changes);

  /// Deletes every policy.
  Result<void> delete_policies();

  /// Removes everything; nothing where nothing was deployed.
  Result<void> remove();

  [[nodiscard]] const ClusterState& state() const { return state_; }
  [[nodiscard]] const AddressBook& addresses() const { return addresses_; }
  /// The same, and the last addresses of what has gone: policies may speak of it.
  [[nodiscard]] const AddressBook& known_addresses() const { return known_; }
  [[nodiscard]] Engine& engine() const { return engine_; }
  /// Whether pods, services, namespaces or labels were touched since the world
  /// was last bare.
  [[nodiscard]] bool world_touched() const { return world_touched_; }
  /// Counts the worlds that this lane has had; what was seen in one says nothing
  /// of another.
  [[nodiscard]] int generation() const { return generation_; }
  /// True when the world could not be made: there is no use in trying again.
  [[nodiscard]] bool hopeless() const { return hopeless_; }

 private:
  enum class Standing { nothing, sound, in_doubt };

  Result<void> deploy();
  Result<void> send(const std::vector<Change>& resolved);
  Result<void> keep_in_mind(const Error& error);

  const World& world_;
  Engine& engine_;
  Clock& clock_;
  const RunOptions& options_;
  Standing standing_ = Standing::nothing;
  ClusterState bare_;
  ClusterState state_;
  AddressBook addresses_;
  AddressBook known_;
  bool world_touched_ = false;
  bool hopeless_ = false;
  int generation_ = 0;
};

}  // namespace nettest
