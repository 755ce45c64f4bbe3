#include "harness/kubernetes/cleanup.hpp"

#include <nlohmann/json.hpp>

#include "harness/kubernetes/removal.hpp"

namespace nettest {

namespace {

std::string note_of(const Json& metadata, const char* key) {
  const auto annotations = metadata.find("annotations");
  return annotations == metadata.end() ? "?" : annotations->value(key, "?");
}

}  // namespace

Result<std::string> clean_up(const Cluster& cluster,
                             const std::string& run,
                             const Tell& tell,
                             TimePoint deadline) {
  const auto selector = std::string(kRunLabel) + (run.empty() ? "" : "=" + run);
  auto api = cluster.client();
  const auto found = api.list("/api/v1/namespaces", selector, deadline);
  if (!found) {
    return tl::unexpected(found.error().to_error("look for what runs left"));
  }
  std::vector<std::string> names;
  for (const auto& item : found->items) {
    const auto& metadata = item["metadata"];
    names.push_back(metadata.value("name", ""));
    tell("removing namespace " + names.back() + " (run " +
         metadata["labels"].value(kRunLabel, "?") + " of " + note_of(metadata, kOwnerNote) +
         ", begun " + note_of(metadata, kStartedNote) + ")");
  }
  if (names.empty()) {
    return "Nothing to clean up on " + cluster.kubectl().cluster() + ".";
  }
  if (auto removed = remove_namespaces(cluster, names, selector, deadline); !removed) {
    return tl::unexpected(removed.error());
  }
  return "Removed " + std::to_string(names.size()) +
         (names.size() == 1 ? " namespace" : " namespaces") + " from " +
         cluster.kubectl().cluster() + ".";
}

}  // namespace nettest
