// One round of questions, split by client and asked side by side. A shell over agents and wget.
#pragma once

#include <span>
#include <vector>

#include "harness/agents/agent_pool.hpp"
#include "harness/engine.hpp"
#include "harness/kubernetes/cluster_questions.hpp"
#include "harness/kubernetes/wget_shells.hpp"

namespace nettest {

/// Who asks.
struct ClusterAskers {
  Reactor& reactor;
  AgentPool& agents;
  WgetShells& shells;
  /// False: the pods have no agents.
  bool has_agents = true;
};

/// Asks all questions at once; one attempt per question, in their order. What cannot be asked, and
/// what nobody was there to answer, is `unusable`, with the reason.
std::vector<Attempt> ask_round(const ClusterAskers& askers,
                               const QuestionContext& context,
                               std::span<const Question> questions);

}  // namespace nettest
