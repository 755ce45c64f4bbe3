// The local engine: real pods in network namespaces, real packets, no cluster, no root.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine.hpp"
#include "harness/local/node_program.hpp"
#include "probes/wget.hpp"

namespace nettest {

/// What a local engine can be told.
struct LocalOptions {
  /// How rulesets are made; wrapped to commit faults.
  CompileNode compile = compile_node;
  /// Asked before each round: whether rulesets must be made again although nothing changed.
  std::function<bool()> overdue = {};
  /// The words that call wget; pods see the programs of this machine. Also {"busybox", "wget"}.
  std::vector<std::string> wget = {"wget"};
};

/// Works inside a private world only (harness/local/private_world.hpp); all calls from the thread
/// that made it. Changes are enforced when apply() returns, for open connections too.
class LocalEngine final : public Engine {
 public:
  explicit LocalEngine(LocalOptions options = {});
  LocalEngine(const LocalEngine&) = delete;
  LocalEngine& operator=(const LocalEngine&) = delete;
  ~LocalEngine() override;

  [[nodiscard]] Capabilities capabilities() const override;
  Result<AddressBook> deploy(const World& world, TimePoint deadline) override;
  Result<AddressBook> apply(std::span<const Change> changes, TimePoint deadline) override;
  Result<std::vector<Attempt>> probe(std::span<const Question> questions) override;
  [[nodiscard]] std::string by_hand(const Probe& probe) const override;
  Result<void> remove(TimePoint deadline) override;

 private:
  struct Running;
  LocalOptions options_;
  std::optional<Wget> wget_;
  std::unique_ptr<Running> running_;
};

}  // namespace nettest
