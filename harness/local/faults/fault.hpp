// Faults: named ways of enforcing policies wrongly, as real CNI plugins have shipped them. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/local/node_program.hpp"
#include "harness/local/policy_gates.hpp"

namespace nettest {

/// Which way a fault errs.
enum class Flip { allows, denies, both };

/// Says "allows too much", "denies too much" or "both".
std::string_view to_string(Flip flip);

/// What the policy engine of a node takes for true. Services are not its business: they follow
/// the truth.
struct Believed {
  ClusterState state;
  AddressBook addresses;
};

/// Where gates are.
struct GateContext {
  const Believed& believed;
  const std::string& node;
  Direction direction;
};

/// One committing of a fault: each function that is there falsifies one stage of compiling. It may
/// remember what it saw, so each engine has its own.
struct Mistake {
  /// Falsifies what is believed; called for every node at every change.
  std::function<void(Believed&, const NodeInput&)> beliefs;
  std::function<void(Gates&, const GateContext&)> gates;
  std::function<void(NftProgram&)> program;
  /// Says that the rulesets must be made again by now, although nothing changed.
  std::function<bool()> overdue;
};

using MakeMistake = std::function<Mistake()>;

/// Static faults show whenever the state is right for them, dynamic ones on a transition only.
enum class FaultKind { constant, dynamic };

struct Fault {
  /// Stable, kebab-case.
  std::string name;
  /// Code of its class: "P1" (suites/bug_class.hpp).
  std::string bug_class;
  /// One sentence: what it does wrong.
  std::string about;
  Flip flip = Flip::both;
  /// Where real plugins did this, or something close to it.
  std::vector<std::string> references;
  MakeMistake make;
  FaultKind kind = FaultKind::constant;
  /// Why nothing in any world of ours can show it: there it is equivalent to no fault. Empty: a
  /// case of the catalogue shows it. tests/mutation/exhibition_test.cpp keeps both true.
  std::string equivalent = {};
};

/// Every fault, ordered by class as the classes are.
const std::vector<Fault>& all_faults();

/// The faults by file, in the order of their classes; put together by all_faults().
std::vector<Fault> peer_faults();
std::vector<Fault> selector_faults();
std::vector<Fault> isolation_faults();
std::vector<Fault> merge_faults();
std::vector<Fault> port_faults();
std::vector<Fault> named_port_faults();
std::vector<Fault> block_faults();
std::vector<Fault> traffic_faults();
std::vector<Fault> label_faults();
std::vector<Fault> update_faults();
std::vector<Fault> policy_faults();
std::vector<Fault> pod_faults();

}  // namespace nettest
