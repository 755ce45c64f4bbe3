// How mistakes are made of small edits. Pure.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "harness/local/faults/fault.hpp"

namespace nettest {

/// "https://github.com/REPO/issues/NUMBER", and the same for a commit.
std::string issue(const std::string& repository, int number);
std::string commit(const std::string& repository, const std::string& hash);

/// The faults of all parts, in order.
std::vector<Fault> joined(std::initializer_list<std::vector<Fault> (*)()> parts);

/// Mistakes about what is believed.
MakeMistake in_beliefs(std::function<void(Believed&)> edit);
/// The same for each policy.
MakeMistake in_policies(std::function<void(NetworkPolicy&)> edit);
/// Leaves out the policies that `lost` holds of.
MakeMistake without_policies(std::function<bool(const NetworkPolicy&)> lost);
/// The rules of each policy and direction.
MakeMistake in_rules(std::function<void(std::vector<PolicyRule>&, Direction)> edit);
/// The peers or ports of each rule that has any. Where none are left, the rule is lost: an empty
/// list would mean everybody.
MakeMistake in_peers(std::function<void(std::vector<PolicyPeer>&)> edit);
MakeMistake in_ports(std::function<void(std::vector<PolicyPort>&)> edit);
/// Each port of each rule.
MakeMistake in_each_port(std::function<void(PolicyPort&)> edit);

/// A rule in its place.
struct RuleContext {
  const Believed& believed;
  const NetworkPolicy& policy;
  const PolicyRule& rule;
  Direction direction;
};
/// What a named port becomes: these ports, or stays as it is.
using ResolveName =
    std::function<std::optional<std::vector<PolicyPort>>(const RuleContext&, const PolicyPort&)>;
MakeMistake in_named_ports(ResolveName resolve);

/// The pods that a rule's peers select; all of them where it names no peers.
std::vector<const Pod*> peers_of_rule(const RuleContext& context);

/// Mistakes about gates.
MakeMistake in_gates(std::function<void(Gates&, const GateContext&)> edit);
MakeMistake in_each_gate(std::function<void(Gate&)> edit);

/// How selectors choose, for each of the three places where they stand. What is absent is right.
struct Choosing {
  std::function<bool(const LabelSelector&, const Pod&)> target;
  std::function<bool(const LabelSelector&, const Pod&)> peer;
  std::function<bool(const LabelSelector&, const Namespace&)> peer_namespace;
};
/// Makes every selector of `believed` choose that way.
void select_by(Believed& believed, const Choosing& choosing);
/// Such choosing as a mistake.
MakeMistake selecting(Choosing choosing);
/// All three places with the same wrong reading of labels.
MakeMistake reading_labels(std::function<bool(const LabelSelector&, const Labels&)> holds);

/// Mistakes in the rules as text.
MakeMistake in_program(std::function<void(NftProgram&)> edit);
/// Puts a rule before those that lead to the gates of the direction that is judged first.
void before_gates(NftProgram& program, const std::string& rule);
/// Puts a rule first in each gate's chain of a direction.
void first_in_gates(NftProgram& program, Direction direction, const std::string& rule);
/// Edits the text of each rule in the gates of a direction.
void in_gate_rules(NftProgram& program,
                   Direction direction,
                   const std::function<void(std::string& rule)>& edit);
/// Replaces every `from` in a text.
void replace_all(std::string& text, const std::string& from, const std::string& to);

}  // namespace nettest
