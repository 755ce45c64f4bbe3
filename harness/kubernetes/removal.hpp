// Removes namespaces and waits for what goes. A shell over the API.
#pragma once

#include <string>
#include <vector>

#include "harness/kubernetes/cluster.hpp"

namespace nettest {

/// Deletes the namespaces, with everything in them, and waits until they are gone. An interrupt
/// does not end it.
Result<void> remove_namespaces(const Cluster& cluster,
                               const std::vector<std::string>& names,
                               const std::string& selector,
                               TimePoint deadline);

/// Objects of a collection that are to go: "namespace/name" each ("/name" of a namespace).
struct Going {
  std::string collection;
  std::vector<std::string> names;
  std::string selector;
};

/// Waits until they are gone.
Result<void> await_gone(ApiClient& api, const Going& going, TimePoint deadline);

}  // namespace nettest
