// The positive control of design section 7: which paths were seen open while no
// policy was in force. A shell over the Engine and Clock seams.
#pragma once

#include <map>
#include <vector>

#include "harness/settle.hpp"
#include "results/comparison.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What was seen of paths in one world without policies.
class ControlBook {
 public:
  void note(const Probe& probe, Control control) { seen_[probe] = control; }
  /// `not_done` for a path that was not asked.
  [[nodiscard]] Control of(const Probe& probe) const;
  void forget() { seen_.clear(); }
  /// Takes over what `newer` knows.
  void update(const ControlBook& newer);

 private:
  std::map<Probe, Control> seen_;
};

/// Says whether both ends of the probe are in the world.
bool ends_exist(const Probe& probe, const World& world);

/// Asks the paths that `book` does not know yet, in `state`, which has no
/// policies, and notes what was seen. Paths that can't be open there (an end does
/// not exist, a service has no pods) are noted as impossible.
Settled take_controls(const SettleContext& context,
                      const ClusterState& state,
                      const AddressBook& addresses,
                      const std::vector<Probe>& probes,
                      ControlBook& book);

}  // namespace nettest
