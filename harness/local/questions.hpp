// Turns probes into what the clients in the pods are asked, and into command lines. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "harness/agents/agent_pool.hpp"
#include "harness/engine.hpp"
#include "suites/world.hpp"

namespace nettest {

/// The pods that may answer: the destination, or the endpoints of the service's port. Empty when
/// anyone may, as for the cluster's DNS server, which does not tell who it is.
std::vector<PodId> expected_backends(const Probe& probe,
                                     const World& world,
                                     const AddressBook& addresses);

/// The question for the agent of the probe's source.
Result<AgentQuestion> agent_question(const Question& question,
                                     const World& world,
                                     const AddressBook& addresses);

/// The URL that `wget` is given.
Result<std::string> wget_url(const Probe& probe, const AddressBook& addresses);

/// A command line for a person: `nettest shell x/a -- wget -T 1 -qO- http://web.default`.
std::string command_by_hand(const Probe& probe, const AddressBook& addresses);

}  // namespace nettest
