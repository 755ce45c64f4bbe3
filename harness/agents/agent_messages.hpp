// Questions and answers as an agent speaks them; for the files of this folder only. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "harness/agents/agent_pool.hpp"
#include "probes/agent/protocol.hpp"

namespace nettest {

/// Writes the line that asks it, under a number of its own.
std::string encode_question(const AgentQuestion& question, std::uint64_t id);

/// Holds what the agent saw against who should have answered.
Attempt judge_answer(const AgentQuestion& question, agent::Answer answer, TimePoint asked_at);

}  // namespace nettest
