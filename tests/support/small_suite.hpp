// A small suite to run in tests: namespaces default and notes, pods default/web
// (HTTP on 80, service web), default/tester and notes/tester. Pure.
#pragma once

#include <string>
#include <vector>

#include "suites/suite.hpp"

namespace nettest {

/// The suite without cases; probes are the default matrix.
Suite small_suite();

/// A policy of namespace default on pods app=web: no ingress at all, or only from
/// pods app=tester of the same namespace.
NetworkPolicy deny_web();
NetworkPolicy only_testers();

/// A policy that denies all egress of namespace notes.
NetworkPolicy deny_egress_of_notes();

Step step(std::string name, std::vector<Change> changes = {});
Change apply_policy(NetworkPolicy policy);

/// Adds a case of that name.
void add_case(Suite& suite, std::string name, std::vector<Step> steps);

/// A probe of the suite by wget through the service's name, from every tester.
ProbeSpec by_wget();

}  // namespace nettest
