// Turns probes into what clients in the pods of a cluster are asked, and into command lines. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/agents/agent_pool.hpp"
#include "harness/engine.hpp"
#include "harness/kubernetes/kubectl.hpp"
#include "harness/kubernetes/objects.hpp"
#include "harness/kubernetes/placement.hpp"
#include "harness/kubernetes/wget_shells.hpp"

namespace nettest {

/// What questions are made from.
struct QuestionContext {
  const World& world;
  const AddressBook& addresses;
  const Placement& placement;
  const PodStyle& style;
};

/// Fail when the destination has no address of the probe's family.
Result<AgentQuestion> agent_question(const Question& question, const QuestionContext& context);
Result<ShellWgetQuestion> wget_question(const Question& question, const QuestionContext& context);

/// The pods that may answer. Empty: anybody, for what serves from its own image does not tell who
/// it is, nor does the cluster's DNS.
std::vector<PodId> expected_answers(const Probe& probe, const QuestionContext& context);

/// Questions of the agents that may answer to themselves: whether they serve the port at all. Where
/// one does not, a "blocked" says nothing about the path.
std::vector<AgentQuestion> server_checks(const Probe& probe, const QuestionContext& context);

/// A command line that shows the probe by hand while the pods stand.
std::string command_by_hand(const Probe& probe,
                            const QuestionContext& context,
                            const Kubectl& kubectl);

}  // namespace nettest
