// Predicts what NetworkPolicy v1 says of a probe. Pure; the reading of the
// documentation that everything is judged by.
#pragma once

#include <memory>

#include "probes/prediction.hpp"
#include "probes/probe.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A compiled cluster state: pods grouped by what selectors can tell apart,
/// rules as sets of groups. Building costs O(groups × policies); a prediction
/// is a look-up. Safe to share between threads once built.
class Simulator {
 public:
  /// Takes a state in which every placeholder is resolved and that includes the
  /// cluster's DNS (with_cluster_dns).
  Simulator(const ClusterState& state, const AddressBook& addresses);
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  /// Predicts one probe, in words and with its because.
  [[nodiscard]] Prediction predict(const Probe& probe) const;
  /// Only the verdict; for bulk use.
  [[nodiscard]] Verdict verdict(const Probe& probe) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace nettest
