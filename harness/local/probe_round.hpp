// One round of questions, split by client and asked side by side. A shell over agents and wget.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "harness/agents/agent_pool.hpp"
#include "harness/engine.hpp"
#include "harness/local/fabric.hpp"
#include "harness/local/wget_client.hpp"

namespace nettest {

/// Who asks, and in which world.
struct Askers {
  Reactor& reactor;
  AgentPool& agents;
  const std::optional<Wget>& wget;
  const Fabric& fabric;
};

/// Asks all questions at once; one attempt per question, in their order. What cannot be asked is
/// `unusable`, with the reason.
std::vector<Attempt> ask_round(const Askers& askers, std::span<const Question> questions);

}  // namespace nettest
