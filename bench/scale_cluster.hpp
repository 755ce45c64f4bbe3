// Clusters of any size as manifest files, for measuring how the static commands grow. Writes files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nettest::bench {

/// How pods are labelled. `real`: apps with replicas, as in clusters that people run. `different`:
/// every pod has a label of its own and policies select arbitrary sets, so that grouping is of no
/// help.
enum class LabelSets { real, different };

struct ScaleCluster {
  std::uint32_t pods = 0;
  std::uint32_t policies = 0;
  LabelSets labels = LabelSets::real;
};

/// "10000 pods, 1000 policies, different".
std::string to_string(const ScaleCluster& cluster);

/// Writes the manifests below `folder`, several files; the same cluster is always the same text.
void write_manifests(const ScaleCluster& cluster, const std::filesystem::path& folder);

}  // namespace nettest::bench
