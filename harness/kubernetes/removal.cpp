#include "harness/kubernetes/removal.hpp"

#include <functional>
#include <set>

#include "base/text.hpp"
#include "harness/kubernetes/objects.hpp"
#include "harness/kubernetes/parallel_calls.hpp"
#include "harness/kubernetes/pod_status.hpp"

namespace nettest {

Result<void> await_gone(ApiClient& api, const Going& going, TimePoint deadline) {
  std::set<std::string> left(going.names.begin(), going.names.end());
  std::set<std::string> there;
  const auto done = api.follow(
      going.collection,
      going.selector,
      [&](const WatchEvent& event) {
        if (event.listed) {
          // What is not listed went before it could be seen going.
          std::erase_if(left, [&](const std::string& name) { return !there.contains(name); });
        } else if (event.deleted) {
          left.erase(name_of(event.object));
        } else {
          there.insert(name_of(event.object));
        }
        return left.empty();
      },
      deadline);
  if (!done && done.error().reason == "Deadline") {
    return fail(ErrorKind::engine,
                join({left.begin(), left.end()}, ", ") +
                    " is still being deleted: `kubectl get namespaces` shows it; `nettest cleanup` "
                    "tries again");
  }
  return done ? Result<void>() : tl::unexpected(done.error().to_error("wait until all is gone"));
}

Result<void> remove_namespaces(const Cluster& cluster,
                               const std::vector<std::string>& names,
                               const std::string& selector,
                               TimePoint deadline) {
  std::vector<std::function<Result<void>(ApiClient&)>> calls;
  Going going{"/api/v1/namespaces", {}, selector};
  for (const auto& name : names) {
    going.names.push_back("/" + name);
    calls.emplace_back([&name, deadline](ApiClient& api) -> Result<void> {
      const auto removed = api.remove(namespace_path(name), deadline);
      return removed ? Result<void>()
                     : tl::unexpected(removed.error().to_error("delete namespace " + name));
    });
  }
  if (auto removed = call_all(cluster, calls, OnInterrupt::ignore); !removed) {
    return removed;
  }
  auto api = cluster.client(OnInterrupt::ignore);
  return await_gone(api, going, deadline);
}

}  // namespace nettest
