// The seam between the runner and the place where a world lives.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "probes/attempt.hpp"
#include "probes/probe.hpp"
#include "suites/change.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What an engine can do. A probe outside of it is skipped, with the reason "…
/// is not supported by this engine".
struct Capabilities {
  std::string engine;
  std::map<std::string, std::string> versions;
  std::set<Protocol> protocols;
  std::set<IpFamily> families;
  std::set<Client> clients;
  /// True where a change is enforced when apply() returns (the local engine).
  /// Else the runner adds a fence to the world (harness/fence.hpp) and turns it
  /// with the changes of each step.
  bool synchronous = false;
  /// Names of the nodes that pods can be put on (`Pod::node`), known before
  /// deploy(). The fence has a pair of pods on each; none: one pair anywhere.
  std::vector<std::string> nodes;
  /// Things the user should know: "no IPv6 in this kernel: only IPv4 is
  /// probed".
  std::vector<std::string> warnings;
};

/// A probe of a round, with the time-out that it runs under.
struct Question {
  Probe probe;
  Duration timeout;
};

/// One private copy of a world (a lane). Calls come from one thread, in order;
/// none returns later than its deadline plus a little. After an Error of kind
/// engine the world may be half made: remove() is the only call that is still
/// allowed. An interrupt (see harness/interrupt.hpp) ends any call early with
/// kind interrupted.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  [[nodiscard]] virtual Capabilities capabilities() const = 0;

  /// Makes the world and waits until every pod answers its own agent. Returns
  /// the addresses that were given.
  virtual Result<AddressBook> deploy(const World& world, TimePoint deadline) = 0;

  /// Makes the changes in order; placeholders are resolved. Returns the
  /// addresses after them.
  virtual Result<AddressBook> apply(std::span<const Change> changes, TimePoint deadline) = 0;

  /// Asks all questions at once. Returns one attempt per question, in their
  /// order; what could not be asked is `unusable`.
  virtual Result<std::vector<Attempt>> probe(std::span<const Question> questions) = 0;

  /// A command line that shows the probe by hand while the world stands.
  [[nodiscard]] virtual std::string by_hand(const Probe& probe) const = 0;

  /// A command line that opens a shell in the pod while the world is held.
  [[nodiscard]] virtual std::string way_into(const PodId& pod) const {
    return "nettest shell " + to_string(pod);
  }

  /// Removes everything that this engine made. Never fails silently; may be
  /// called at any time, also twice.
  virtual Result<void> remove(TimePoint deadline) = 0;
};

}  // namespace nettest
