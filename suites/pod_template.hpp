// Reads what matters of pod templates, pod specs and service specs; the keys that the API knows
// beside are passed over, others are reported. Pure.
#pragma once

#include "suites/manifest.hpp"
#include "suites/world.hpp"

namespace nettest {

/// Makes the keys of all workload specs known that do not matter here.
void skip_workload_spec_keys(Fields& fields);

/// Read into `pod`: labels, named and numbered ports, hostNetwork.
void read_pod_template(const Node& node, Pod& pod, Findings& findings);
void read_pod_spec(const Node& node, Pod& pod, Findings& findings);

/// Reads selector and ports.
void read_service_spec(const Node& node, Service& service, Findings& findings);

}  // namespace nettest
